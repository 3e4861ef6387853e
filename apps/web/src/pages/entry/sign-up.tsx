import { Button, Notice, PasswordInput, RadioCards, TextInput, TextLink } from "@evx/ui";
import { useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { FormFailure } from "../../frame/form-failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { createForm } from "../../lib/form.ts";
import { homes, sessionStarted } from "../../lib/session.ts";
import { EntryCard, safeNext } from "./card.tsx";

const roles = ["ev_owner", "buyer", "cva"] as const;
type NewRole = (typeof roles)[number];

export default function SignUp() {
  const t = useText("entry");
  const navigate = useNavigate();
  const [sentTo, setSentTo] = createSignal("");
  const [search] = useSearchParams<{ next?: string; role?: string }>();
  const named = oneOf(search, "role", roles);

  const form = createForm({
    draft: "sign-up",
    initial: {
      role: (named() ?? "") as NewRole | "",
      fullName: "",
      email: "",
      password: "",
    },
    check: ({ role, fullName, email, password }) => ({
      role: !role && t("check.role"),
      fullName: !fullName.trim() && t("check.fullName"),
      email: !email.includes("@") && t("check.email"),
      password: password.length < 10 && t("check.newPassword"),
    }),
    submit: async ({ role, fullName, email, password }) => {
      if (role === "") return;
      const { user, confirm } = await api.identity.signUp.call({
        role,
        fullName: fullName.trim(),
        email: email.trim(),
        password,
      });
      if (confirm) return void setSentTo(email.trim());
      await sessionStarted();
      navigate(safeNext(search.next, homes[user.role]), { replace: true });
    },
  });

  return (
    <EntryCard
      title={t("signUp.title")}
      lead={t("signUp.lead")}
      below={t.rich("signUp.other", {
        link: (
          <TextLink href={search.next ? `/sign-in?next=${encodeURIComponent(search.next)}` : "/sign-in"}>
            {t("signUp.otherLink")}
          </TextLink>
        ),
      })}
    >
      <Show
        when={!sentTo()}
        fallback={
          <div role="status">
            <Notice tone="positive" title={t("forgot.doneTitle")}>
              {t("signUp.sent", { email: sentTo() })}
            </Notice>
          </div>
        }
      >
        <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
          <RadioCards
            label={t("field.role")}
            value={form.values.role}
            error={form.errors.role}
            options={roles.map((role) => ({
              value: role,
              label: t(`role.${role}`),
              hint: t(`role.${role}Hint`),
            }))}
            onValue={(role) => form.set("role", role)}
          />
          <TextInput
            label={t("field.fullName")}
            hint={t("field.fullNameHint")}
            {...form.text("fullName")}
            autocomplete="name"
            required
          />
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
            hint={t("field.newPasswordHint")}
            {...form.text("password")}
            autocomplete="new-password"
            required
          />
          <FormFailure form={form} />
          <Button type="submit" wide busy={form.busy()}>
            {t("signUp.action")}
          </Button>
        </form>
      </Show>
    </EntryCard>
  );
}
