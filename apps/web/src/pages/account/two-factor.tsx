import { Button, Card, CopyText, Dialog, Notice, PasswordInput, StatusDot, TextInput } from "@evx/ui";
import { useQueryClient } from "@tanstack/solid-query";
import { createResource, createSignal, For, Match, Show, Switch } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { notify } from "../../lib/notify.ts";
import { focused } from "./focus.ts";
import type { OwnUser } from "./profile.tsx";

type Step = "begin" | "disable" | "codes";

/** Two-step sign-in: on, off, and new recovery codes. */
export const TwoFactor = (props: { user: OwnUser }) => {
  const t = useText("identity");
  const [step, setStep] = createSignal<Step | null>(null);
  const on = () => props.user.twoFactorEnabled;
  return (
    <Card title={t("second.title")} subtitle={t("second.lead")}>
      <div class="flex flex-wrap items-center justify-between gap-3">
        <StatusDot tone={on() ? "positive" : "neutral"}>{t(on() ? "second.on" : "second.off")}</StatusDot>
        <div class="flex flex-wrap gap-2">
          <Show
            when={on()}
            fallback={
              <Button variant="secondary" size="sm" onClick={() => setStep("begin")}>
                {t("second.begin")}
              </Button>
            }
          >
            <Button variant="secondary" size="sm" onClick={() => setStep("codes")}>
              {t("second.newCodes")}
            </Button>
            <Button variant="secondary" size="sm" onClick={() => setStep("disable")}>
              {t("second.disable")}
            </Button>
          </Show>
        </div>
      </div>
      <Show when={step()}>{(chosen) => <Steps step={chosen()} onClose={() => setStep(null)} />}</Show>
    </Card>
  );
};

/** The password first, then what the step needs: a picture to scan and six digits, or the new codes. */
const Steps = (props: { step: Step; onClose: () => void }) => {
  const t = useText("identity");
  const client = useQueryClient();
  const [uri, setUri] = createSignal<string | null>(null);
  const [codes, setCodes] = createSignal<string[] | null>(null);
  const [confirmed, setConfirmed] = createSignal(false);

  const titles = { begin: "second.title", disable: "second.disable", codes: "second.newCodes" } as const;
  const bodies = {
    begin: "second.lead",
    disable: "second.disableBody",
    codes: "second.newCodesBody",
  } as const;
  const refresh = () => client.invalidateQueries({ queryKey: api.identity.profile.key() });

  const first = createForm({
    initial: { password: "" },
    check: ({ password }) => ({ password: !password && t("check.password") }),
    submit: async ({ password }) => {
      if (props.step === "begin") {
        const setup = await api.identity.twoFactor.begin.call({ password });
        setUri(setup.uri);
        setCodes(setup.recoveryCodes);
        return;
      }
      if (props.step === "codes") {
        setCodes((await api.identity.twoFactor.recoveryCodes.call({ password })).recoveryCodes);
        setConfirmed(true);
        return;
      }
      await api.identity.twoFactor.disable.call({ password });
      await refresh();
      props.onClose();
      void notify.info(t("second.turnedOff"));
    },
  });
  const second = createForm({
    initial: { code: "" },
    check: ({ code }) => ({ code: !/^\d{3} ?\d{3}$/.test(code.trim()) && t("check.code") }),
    submit: async ({ code }) => {
      await api.identity.twoFactor.confirm.call({ code });
      await refresh();
      setConfirmed(true);
      void notify.success(t("second.turnedOn"));
    },
  });
  // The code that draws the picture comes with the first use.
  const [picture] = createResource(uri, async (text) => {
    const { toString: draw } = await import("qrcode");
    return `data:image/svg+xml,${encodeURIComponent(await draw(text, { type: "svg", margin: 1 }))}`;
  });

  return (
    <Dialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={confirmed() ? t("second.codesTitle") : t(titles[props.step])}
      description={confirmed() ? t("second.codesBody") : uri() ? t("second.scan") : t(bodies[props.step])}
    >
      <Switch
        fallback={
          <form novalidate class="grid gap-4" onSubmit={first.onSubmit}>
            <PasswordInput
              label={t("password.present")}
              {...first.text("password")}
              autocomplete="current-password"
              required
            />
            <FormFailure form={first} />
            <Button
              type="submit"
              wide
              variant={props.step === "disable" ? "danger" : "primary"}
              busy={first.busy()}
            >
              {t(props.step === "disable" ? "second.disable" : "second.confirm")}
            </Button>
          </form>
        }
      >
        <Match when={confirmed() && codes()}>
          {(list) => (
            <div class="grid gap-4">
              <ul class="grid grid-cols-2 gap-x-6 gap-y-1 font-mono text-sm" data-figure>
                <For each={list()}>{(code) => <li>{code}</li>}</For>
              </ul>
              <CopyText
                text={list().join("\n")}
                shown={t("second.copyCodes")}
                label={t("second.copyCodes")}
              />
              <Button wide ref={focused} onClick={props.onClose}>
                {t("second.kept")}
              </Button>
            </div>
          )}
        </Match>
        <Match when={uri()}>
          {(address) => (
            <form novalidate class="grid gap-4" onSubmit={second.onSubmit}>
              <div class="mx-auto size-44 rounded-card bg-white p-2">
                <Show when={picture()}>
                  {(source) => (
                    <img src={source()} alt={t("second.picture")} width="160" height="160" class="size-40" />
                  )}
                </Show>
              </div>
              <Notice title={t("second.byHand")}>
                <CopyText
                  text={new URL(address()).searchParams.get("secret") ?? ""}
                  label={t("second.byHand")}
                />
              </Notice>
              <TextInput
                label={t("second.code")}
                {...second.text("code")}
                autocomplete="one-time-code"
                inputmode="numeric"
                ref={focused}
                required
              />
              <FormFailure form={second} />
              <Button type="submit" wide busy={second.busy()}>
                {t("second.confirm")}
              </Button>
            </form>
          )}
        </Match>
      </Switch>
    </Dialog>
  );
};
