import { Button, PasswordInput, TextInput, TextLink } from "@evx/ui";
import { useNavigate, useSearchParams } from "@solidjs/router";
import { FormFailure } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { homes, sessionStarted } from "../../lib/session.ts";
import { EntryCard, safeNext } from "./card.tsx";

export default function SignIn() {
  const t = useText("entry");
  const navigate = useNavigate();
  const [search] = useSearchParams<{ next?: string }>();

  const form = createForm({
    initial: { email: "", password: "" },
    check: ({ email, password }) => ({
      email: !email.includes("@") && t("check.email"),
      password: !password && t("check.password"),
    }),
    submit: async ({ email, password }) => {
      const { user } = await api.identity.signIn.call({ email: email.trim(), password });
      await sessionStarted();
      navigate(safeNext(search.next, homes[user.role]), { replace: true });
    },
  });

  return (
    <EntryCard
      title={t("signIn.title")}
      lead={search.next ? t("signIn.next") : t("signIn.lead")}
      below={t.rich("signIn.other", {
        link: (
          <TextLink href={search.next ? `/sign-up?next=${encodeURIComponent(search.next)}` : "/sign-up"}>
            {t("signIn.otherLink")}
          </TextLink>
        ),
      })}
    >
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <TextInput
          label={t("field.email")}
          {...form.text("email")}
          type="email"
          autocomplete="username"
          autocapitalize="none"
          required
        />
        <PasswordInput
          label={t("field.password")}
          {...form.text("password")}
          autocomplete="current-password"
          required
        />
        <FormFailure form={form} />
        <Button type="submit" wide busy={form.busy()}>
          {t("signIn.action")}
        </Button>
      </form>
    </EntryCard>
  );
}
