import { Button, Notice, TextInput, TextLink } from "@evx/ui";
import { createSignal, Show } from "solid-js";
import { FormFailure } from "../../frame/form-failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { EntryCard } from "./card.tsx";

export default function ForgotPassword() {
  const t = useText("entry");
  const r = useText("recover");
  const [sentTo, setSentTo] = createSignal("");

  const form = createForm({
    initial: { email: "" },
    check: ({ email }) => ({ email: !email.includes("@") && t("check.email") }),
    submit: async ({ email }) => {
      await api.identity.account.requestPasswordReset.call({ email: email.trim() });
      setSentTo(email.trim());
    },
  });

  return (
    <EntryCard
      title={r("forgot.title")}
      lead={r("forgot.lead")}
      below={<TextLink href="/sign-in">{t("signUp.otherLink")}</TextLink>}
    >
      <Show
        when={sentTo()}
        fallback={
          <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
            <TextInput
              label={t("field.email")}
              {...form.text("email")}
              type="email"
              autocomplete="username"
              autocapitalize="none"
              required
            />
            <FormFailure form={form} />
            <Button type="submit" wide busy={form.busy()}>
              {r("forgot.action")}
            </Button>
          </form>
        }
      >
        <div role="status">
          <Notice tone="positive" title={t("forgot.doneTitle")}>
            {r("forgot.doneBody", { email: sentTo() })}
          </Notice>
        </div>
      </Show>
    </EntryCard>
  );
}
