import { Button, Notice, PasswordInput, TextInput, TextLink } from "@evx/ui";
import { createSignal, Show } from "solid-js";
import { FormFailure } from "../../frame/form-failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { ApiError } from "../../lib/errors.ts";
import { createForm } from "../../lib/form.ts";
import { type Role, sessionStarted } from "../../lib/session.ts";

/** Address, password and, where the account asks for it, the second step. */
export const SignInForm = (props: { email?: string; onDone: (role: Role) => void }) => {
  const t = useText("entry");
  const [asksCode, setAsksCode] = createSignal(false);

  const form = createForm({
    initial: { email: props.email ?? "", password: "", code: "" },
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
      props.onDone(user.role);
    },
  });

  return (
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
        ref={(input) => {
          // Who we know already has only the password to type.
          if (props.email) input.dataset.autofocus = "";
        }}
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
  );
};
