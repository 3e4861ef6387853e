import { LinkButton, Notice, Skeleton } from "@evx/ui";
import { useNavigate, useSearchParams } from "@solidjs/router";
import { useMutation, useQueryClient } from "@tanstack/solid-query";
import { Match, onMount, Switch } from "solid-js";
import { useSentence } from "../../frame/failure.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { notify } from "../../lib/notify.ts";

/** Where the car's maker sends the owner back: connects with what came along, or says why not. */
export default function ConnectedPage() {
  const t = useText("vehicles");
  const sentence = useSentence();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [search] = useSearchParams<{ code?: string; state?: string; error?: string }>();
  const finish = useMutation(() => ({
    mutationFn: async () => {
      const { connection } = await api.connections.finish.call({
        code: search.code ?? "",
        state: search.state ?? "",
      });
      await client.invalidateQueries({ queryKey: api.connections.byVehicle.key() });
      void notify.success(t("connected.done"));
      navigate(connection ? `/owner/vehicles/${connection.vehicleId}?view=settings` : "/owner/vehicles", {
        replace: true,
      });
    },
  }));
  const given = () => Boolean(search.code && search.state && !search.error);
  onMount(() => {
    if (given()) finish.mutate();
  });
  return (
    <Page title={t("connected.title")} narrow>
      <Switch fallback={<Skeleton lines={2} class="h-6 w-full" />}>
        <Match when={!given()}>
          <Notice
            tone="warning"
            title={t("connected.refused")}
            actions={<LinkButton href="/owner/vehicles">{t("connected.back")}</LinkButton>}
          >
            {t("connected.refusedBody")}
          </Notice>
        </Match>
        <Match when={finish.error}>
          {(error) => (
            <div role="alert">
              <Notice
                tone="negative"
                title={t("connected.failed")}
                actions={<LinkButton href="/owner/vehicles">{t("connected.back")}</LinkButton>}
              >
                {sentence(error())}
              </Notice>
            </div>
          )}
        </Match>
        <Match when={finish.isPending}>
          <p class="text-muted" role="status">
            {t("connected.waiting")}
          </p>
        </Match>
      </Switch>
    </Page>
  );
}
