import { Button, LinkButton, Notice, PasswordInput, TextLink } from "@evx/ui";
import { useNavigate, useSearchParams } from "@solidjs/router";
import { Show } from "solid-js";
import { FormFailure } from "../../frame/form-failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { notify } from "../../lib/notify.ts";
import { EntryCard } from "./card.tsx";

export default function ResetPassword() {
  const t = useText("entry");
  const r = useText("recover");
  const navigate = useNavigate();
  const [search] = useSearchParams<{ token?: string }>();

  const form = createForm({
    initial: { password: "" },
    check: ({ password }) => ({ password: password.length < 10 && t("check.newPassword") }),
    submit: async ({ password }) => {
      await api.identity.account.resetPassword.call({ token: search.token ?? "", password });
      void notify.success(r("reset.done"));
      navigate("/sign-in", { replace: true });
    },
  });

  return (
    <EntryCard
      title={r("reset.title")}
      lead={r("reset.lead")}
      below={<TextLink href="/forgot-password">{r("reset.again")}</TextLink>}
    >
      <Show
        when={search.token}
        fallback={
          <Notice
            tone="warning"
            actions={
              <LinkButton href="/forgot-password" size="sm" variant="secondary">
                {r("reset.again")}
              </LinkButton>
            }
          >
            {r("reset.noToken")}
          </Notice>
        }
      >
        <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
          <PasswordInput
            label={r("field.newPassword")}
            hint={t("field.newPasswordHint")}
            {...form.text("password")}
            autocomplete="new-password"
            required
          />
          <FormFailure form={form} />
          <Button type="submit" wide busy={form.busy()}>
            {r("reset.action")}
          </Button>
        </form>
      </Show>
    </EntryCard>
  );
}
