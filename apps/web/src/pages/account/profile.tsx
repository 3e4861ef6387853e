import { Button, Card, Dialog, PasswordInput, Select, StatusDot, TextInput } from "@evx/ui";
import { useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Failure, FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { locales } from "../../lib/locale.ts";
import { notify } from "../../lib/notify.ts";

export type OwnUser = Answer<typeof api.identity.profile>["user"];

/** Name, phone and language, and the address with its state. */
export const Profile = (props: { user: OwnUser }) => {
  const t = useText("identity");
  const client = useQueryClient();
  const [changing, setChanging] = createSignal(false);
  const [failed, setFailed] = createSignal<unknown>(null);

  const form = createForm({
    initial: {
      fullName: props.user.fullName,
      phone: props.user.phone ?? "",
      locale: props.user.locale as string,
    },
    check: ({ fullName }) => ({ fullName: !fullName.trim() && t("check.name") }),
    submit: async ({ fullName, phone, locale }) => {
      await api.identity.updateProfile.call({
        fullName,
        phone: phone.trim() || null,
        locale: locale === "vi" ? "vi" : "en",
      });
      await client.invalidateQueries({ queryKey: api.identity.profile.key() });
      await client.invalidateQueries({ queryKey: api.identity.me.key() });
      void notify.success(t("saved"));
    },
  });

  const sendLetter = async () => {
    setFailed(null);
    await api.identity.account.sendVerification
      .call()
      .then(() => notify.success(t("profile.letterSent", { email: props.user.email })), setFailed);
  };

  return (
    <Card title={t("profile.title")} subtitle={`${t("profile.role")}: ${t(`role.${props.user.role}`)}`}>
      <div class="mb-5 flex flex-wrap items-center justify-between gap-3">
        <div class="min-w-0">
          <p class="text-[0.8125rem] text-muted">{t("profile.email")}</p>
          <p class="font-medium break-all">{props.user.email}</p>
          <StatusDot tone={props.user.emailVerified ? "positive" : "warning"}>
            {t(props.user.emailVerified ? "profile.confirmed" : "profile.unconfirmed")}
          </StatusDot>
        </div>
        <div class="flex flex-wrap gap-2">
          <Show when={!props.user.emailVerified}>
            <Button variant="secondary" size="sm" onClick={sendLetter}>
              {t("profile.sendLetter")}
            </Button>
          </Show>
          <Button variant="secondary" size="sm" onClick={() => setChanging(true)}>
            {t("profile.changeEmail")}
          </Button>
        </div>
      </div>
      <Show when={failed()}>{(error) => <Failure error={error()} />}</Show>
      <form novalidate class="grid gap-4 sm:grid-cols-2" onSubmit={form.onSubmit}>
        <TextInput
          class="sm:col-span-2"
          label={t("profile.name")}
          {...form.text("fullName")}
          autocomplete="name"
          required
        />
        <TextInput
          label={t("profile.phone")}
          {...form.text("phone")}
          type="tel"
          autocomplete="tel"
          optional
        />
        <Select label={t("profile.language")} options={locales} {...form.text("locale")} />
        <div class="grid gap-4 sm:col-span-2">
          <FormFailure form={form} />
          <div>
            <Button type="submit" busy={form.busy()}>
              {t("save")}
            </Button>
          </div>
        </div>
      </form>
      <Show when={changing()}>
        <ChangeEmail onClose={() => setChanging(false)} />
      </Show>
    </Card>
  );
};

const ChangeEmail = (props: { onClose: () => void }) => {
  const t = useText("identity");
  const form = createForm({
    initial: { email: "", password: "" },
    check: ({ email, password }) => ({
      email: !email.includes("@") && t("check.email"),
      password: !password && t("check.password"),
    }),
    submit: async (given) => {
      await api.identity.account.changeEmail.call(given);
      props.onClose();
      void notify.info(t("profile.changeAsked"));
    },
  });
  return (
    <Dialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={t("profile.changeEmail")}
      description={t("profile.changeBody")}
    >
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <TextInput
          label={t("profile.newEmail")}
          {...form.text("email")}
          type="email"
          autocomplete="email"
          autocapitalize="none"
          required
        />
        <PasswordInput
          label={t("password.present")}
          {...form.text("password")}
          autocomplete="current-password"
          required
        />
        <FormFailure form={form} />
        <Button type="submit" wide busy={form.busy()}>
          {t("profile.changeEmail")}
        </Button>
      </form>
    </Dialog>
  );
};
