import { Button, Card, Notice, TextInput } from "@evx/ui";
import { createSignal, For, Show } from "solid-js";
import { Failure, FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { type PushFailure, subscribeHere } from "./push.ts";
import type { Ways } from "./topics.tsx";

type Props = { ways: Ways; onWays: (ways: Ways) => void };

/** The browsers that take pushes, this one to be added. */
export const Devices = (props: Props) => {
  const t = useText("inbox");
  const f = useFormat();
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<PushFailure | null>(null);
  const [refused, setRefused] = createSignal<unknown>(null);
  const turnOn = async (publicKey: string) => {
    setBusy(true);
    setFailure(null);
    setRefused(null);
    const found = await subscribeHere(publicKey);
    if ("failure" in found) setFailure(found.failure);
    else await api.notifications.addDevice.call(found).then(props.onWays, setRefused);
    setBusy(false);
  };
  return (
    <Card title={t("push.title")} subtitle={t("push.lead")}>
      <div aria-live="polite">
        <Show when={failure()}>{(why) => <Notice tone="warning">{t(`push.${why()}`)}</Notice>}</Show>
        <Show when={refused()}>{(error) => <Failure error={error()} />}</Show>
      </div>
      <ul class="divide-y divide-line text-sm">
        <For each={props.ways.push.devices}>
          {(device) => (
            <li class="flex flex-wrap items-center justify-between gap-2 py-2">
              <span class="min-w-0 wrap-anywhere">
                {device.label}{" "}
                <span class="text-xs text-muted">{t("push.since", { at: f.date(device.createdAt) })}</span>
              </span>
              <Button
                variant="secondary"
                size="sm"
                onClick={() => void api.notifications.dropDevice.call({ id: device.id }).then(props.onWays)}
              >
                {t("push.off")}
              </Button>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.ways.push.publicKey} fallback={<p class="text-sm text-muted">{t("push.none")}</p>}>
        {(key) => (
          <Button class="mt-3" variant="secondary" busy={busy()} onClick={() => void turnOn(key())}>
            {t("push.on")}
          </Button>
        )}
      </Show>
    </Card>
  );
};

/** The telephone: a number, the code that went there, or both done. */
export const Phone = (props: Props) => {
  const t = useText("inbox");
  const number = createForm({
    initial: { number: "" },
    submit: async (input) => props.onWays(await api.notifications.setPhone.call(input)),
  });
  const code = createForm({
    initial: { code: "" },
    submit: async (input) => props.onWays(await api.notifications.confirmPhone.call(input)),
  });
  const phone = () => props.ways.sms.phone;
  return (
    <Card title={t("sms.title")}>
      <Show when={props.ways.sms.offered} fallback={<p class="text-sm text-muted">{t("sms.none")}</p>}>
        <div class="grid gap-4 text-sm">
          <Show
            when={phone()}
            fallback={
              <form class="grid gap-3" onSubmit={number.onSubmit}>
                <FormFailure form={number} />
                <TextInput label={t("sms.number")} type="tel" autocomplete="tel" {...number.text("number")} />
                <div>
                  <Button type="submit" variant="secondary" busy={number.busy()}>
                    {t("sms.send")}
                  </Button>
                </div>
              </form>
            }
          >
            {(known) => (
              <>
                <p>{t(known().confirmed ? "sms.confirmed" : "sms.waiting", { number: known().number })}</p>
                <Show when={!known().confirmed}>
                  <form class="grid gap-3" onSubmit={code.onSubmit}>
                    <FormFailure form={code} />
                    <TextInput
                      label={t("sms.code")}
                      inputmode="numeric"
                      autocomplete="one-time-code"
                      {...code.text("code")}
                    />
                    <div>
                      <Button type="submit" busy={code.busy()}>
                        {t("sms.confirm")}
                      </Button>
                    </div>
                  </form>
                </Show>
                <div>
                  <Button
                    variant="secondary"
                    size="sm"
                    onClick={() => void api.notifications.dropPhone.call().then(props.onWays)}
                  >
                    {t("sms.drop")}
                  </Button>
                </div>
              </>
            )}
          </Show>
        </div>
      </Show>
    </Card>
  );
};
