import { todaysZone, todaysZones } from "@evx/kernel";
import { Button, Card, Checkbox, Select, TextInput } from "@evx/ui";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { notify } from "../../lib/notify.ts";
import { isUnchosen, ownZone, zoneName } from "../../lib/zones.ts";
import type { Ways } from "./topics.tsx";

/** Quiet hours, the zone they are in, and summaries. */
export const When = (props: { ways: Ways; onWays: (ways: Ways) => void }) => {
  const t = useText("inbox");
  const { manner } = props.ways;
  const [zone, setZone] = createSignal(todaysZone(isUnchosen(manner) ? ownZone() : manner.zone));
  const [quiet, setQuiet] = createSignal(manner.quiet !== null);
  const [from, setFrom] = createSignal(manner.quiet?.from ?? "22:00");
  const [to, setTo] = createSignal(manner.quiet?.to ?? "07:00");
  const [digest, setDigest] = createSignal(manner.digest);
  const [busy, setBusy] = createSignal(false);
  const [failed, setFailed] = createSignal<unknown>(null);
  const zones = [...new Set([zone(), ...todaysZones()])];
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailed(null);
    const chosen = { zone: zone(), quiet: quiet() ? { from: from(), to: to() } : null, digest: digest() };
    await api.notifications.setManner.call(chosen).then((ways) => {
      props.onWays(ways);
      void notify.success(t("saved"));
    }, setFailed);
    setBusy(false);
  };
  return (
    <Card title={t("when.title")} subtitle={t("when.lead")}>
      <form class="grid gap-4" onSubmit={(event) => void save(event)}>
        <Show when={failed()}>{(error) => <Failure error={error()} />}</Show>
        <Select
          label={t("when.zone")}
          value={zone()}
          options={zones.map((value) => ({ value, label: zoneName(value) }))}
          onValue={setZone}
        />
        <Checkbox label={t("when.quiet")} checked={quiet()} onChecked={setQuiet} />
        <Show when={quiet()}>
          <div class="grid grid-cols-2 gap-3 sm:max-w-xs">
            <TextInput label={t("when.from")} type="time" value={from()} onValue={setFrom} />
            <TextInput label={t("when.to")} type="time" value={to()} onValue={setTo} />
          </div>
        </Show>
        <Select
          label={t("when.digest")}
          value={digest()}
          options={(["off", "daily", "weekly"] as const).map((value) => ({
            value,
            label: t(`when.${value}`),
          }))}
          onValue={setDigest}
        />
        <div>
          <Button type="submit" busy={busy()}>
            {t("when.save")}
          </Button>
        </div>
      </form>
    </Card>
  );
};
