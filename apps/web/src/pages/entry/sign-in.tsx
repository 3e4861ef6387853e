import { Button, Notice, PasswordInput, TextInput, TextLink } from "@evx/ui";
import { useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { FormFailure } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { ApiError } from "../../lib/errors.ts";
import { createForm } from "../../lib/form.ts";
import { homes, sessionStarted } from "../../lib/session.ts";
import { EntryCard, safeNext } from "./card.tsx";

export default function SignIn() {
  const t = useText("entry");
  const navigate = useNavigate();
  const [search] = useSearchParams<{ next?: string }>();

  const [asksCode, setAsksCode] = createSignal(false);

  const form = createForm({
    initial: { email: "", password: "", code: "" },
    check: ({ email, password, code }) => ({
      email: !email.includes("@") && t("check.email"),
      password: !password && t("check.password"),
      code: asksCode() && !code.trim() && t("check.code"),
    }),
    submit: async ({ email, password, code }) => {
      const second = asksCode() ? { code: code.trim() } : {};
      const { user } = await api.identity.signIn
        .call({ email: email.trim(), password, ...second })
        .catch((thrown: unknown) => {
          // The password was right; only the second step is missing, and that is no failure.
          if (thrown instanceof ApiError && thrown.code === "two_factor_required") setAsksCode(true);
          throw thrown;
        });
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
        <Show when={asksCode()}>
          <TextInput
            label={t("field.code")}
            hint={t("field.codeHint")}
            {...form.text("code")}
            autocomplete="one-time-code"
            autocapitalize="none"
            spellcheck={false}
            ref={(input) => queueMicrotask(() => input.focus())}
            required
          />
        </Show>
        <Show when={form.failure()?.code === "two_factor_required"} fallback={<FormFailure form={form} />}>
          <Notice>{form.failure()?.message}</Notice>
        </Show>
        <Button type="submit" wide busy={form.busy()}>
          {t("signIn.action")}
        </Button>
        <p class="text-center text-[0.8125rem]">
          <TextLink href="/forgot-password">{t("signIn.forgot")}</TextLink>
        </p>
      </form>
    </EntryCard>
  );
}
