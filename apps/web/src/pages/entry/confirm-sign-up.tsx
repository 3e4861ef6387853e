import { Button, PasswordInput, TextLink } from "@evx/ui";
import { useNavigate, useSearchParams } from "@solidjs/router";
import { FormFailure } from "../../frame/form-failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { homes, sessionStarted } from "../../lib/session.ts";
import { EntryCard } from "./card.tsx";

/** Where the letter of a sign-up leads: whoever chose the password gives it once more, and has an account. */
export default function ConfirmSignUp() {
  const t = useText("entry");
  const r = useText("recover");
  const navigate = useNavigate();
  const [search] = useSearchParams<{ token?: string }>();

  const form = createForm({
    initial: { password: "" },
    check: ({ password }) => ({ password: !password && t("check.password") }),
    submit: async ({ password }) => {
      const { user } = await api.identity.confirmSignUp.call({ token: search.token ?? "", password });
      await sessionStarted();
      navigate(homes[user.role], { replace: true });
    },
  });

  return (
    <EntryCard
      title={r("confirm.title")}
      lead={r("confirm.lead")}
      below={<TextLink href="/sign-up">{r("confirm.again")}</TextLink>}
    >
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <PasswordInput
          label={t("field.password")}
          hint={r("confirm.hint")}
          {...form.text("password")}
          autocomplete="current-password"
          required
        />
        <FormFailure form={form} />
        <Button type="submit" wide busy={form.busy()}>
          {r("confirm.action")}
        </Button>
      </form>
    </EntryCard>
  );
}
