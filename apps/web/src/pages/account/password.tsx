import { Button, Card, PasswordInput } from "@evx/ui";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { notify } from "../../lib/notify.ts";

/** Changes the password, which signs out everywhere else. */
export const Password = () => {
  const t = useText("identity");
  const form = createForm({
    initial: { currentPassword: "", newPassword: "" },
    check: ({ currentPassword, newPassword }) => ({
      currentPassword: !currentPassword && t("check.password"),
      newPassword: newPassword.length < 10 && t("check.newPassword"),
    }),
    submit: async (given) => {
      await api.identity.account.changePassword.call(given);
      form.reset();
      void notify.success(t("password.changed"));
    },
  });
  return (
    <Card title={t("password.title")} subtitle={t("password.lead")}>
      <form novalidate class="grid gap-4 sm:grid-cols-2" onSubmit={form.onSubmit}>
        <PasswordInput
          label={t("password.present")}
          {...form.text("currentPassword")}
          autocomplete="current-password"
          required
        />
        <PasswordInput
          label={t("password.new")}
          {...form.text("newPassword")}
          autocomplete="new-password"
          required
        />
        <div class="grid gap-4 sm:col-span-2">
          <FormFailure form={form} />
          <div>
            <Button type="submit" variant="secondary" busy={form.busy()}>
              {t("password.change")}
            </Button>
          </div>
        </div>
      </form>
    </Card>
  );
};
