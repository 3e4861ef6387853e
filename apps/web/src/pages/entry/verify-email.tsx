import { LinkButton, Notice, Spinner } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useMutation, useQueryClient } from "@tanstack/solid-query";
import { Match, onMount, Switch } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { homes, useSession } from "../../lib/session.ts";
import { EntryCard } from "./card.tsx";

export default function VerifyEmail() {
  const r = useText("recover");
  const session = useSession();
  const client = useQueryClient();
  const [search] = useSearchParams<{ token?: string }>();
  const verify = useMutation(
    api.identity.account.verifyEmail.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: api.identity.me.key() }),
    }),
  );
  onMount(() => verify.mutate({ token: search.token ?? "" }));
  const next = () => {
    const role = session.role();
    return role ? homes[role] : "/sign-in";
  };

  return (
    <EntryCard
      title={r("verify.title")}
      lead=""
      below={
        <LinkButton href={next()} variant="secondary">
          {r("verify.action")}
        </LinkButton>
      }
    >
      <div role="status">
        <Switch
          fallback={
            <p class="flex items-center gap-2 text-muted">
              <Spinner />
              {r("verify.busy")}
            </p>
          }
        >
          <Match when={verify.isSuccess}>
            <Notice tone="positive">
              {r(verify.data?.next === "new_address" ? "verify.newAddress" : "verify.done")}
            </Notice>
          </Match>
          <Match when={verify.isError}>
            <Failure error={verify.error} />
          </Match>
        </Switch>
      </div>
    </EntryCard>
  );
}
