import { Button, Card, ConfirmDialog, NumberInput, Select, TextInput } from "@evx/ui";
import { useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import { todayIn } from "../../lib/zones.ts";
import { classes } from "./add-vehicle.tsx";
import { ConnectionCard } from "./connection-card.tsx";
import { PushTokens } from "./push-tokens.tsx";
import { nameOf, type Vehicle } from "./words.ts";
import { zoneOptions } from "./zones.ts";

/** What a car is called, who may send its trips, and its hand-over when it is sold. */
export default function SettingsView(props: { vehicle: Vehicle }) {
  return (
    <div class="grid items-start gap-6 lg:grid-cols-2">
      <Names vehicle={props.vehicle} />
      <Show when={!props.vehicle.ownedTo}>
        <HandOver vehicle={props.vehicle} />
        <ConnectionCard vehicle={props.vehicle} />
        <PushTokens vehicle={props.vehicle} />
      </Show>
    </div>
  );
}

const Names = (props: { vehicle: Vehicle }) => {
  const t = useText("vehicles");
  const client = useQueryClient();
  const form = createForm({
    initial: {
      make: props.vehicle.make,
      model: props.vehicle.model,
      batteryKwh: props.vehicle.batteryKwh === null ? "" : String(props.vehicle.batteryKwh),
      class: props.vehicle.class as string,
      zone: props.vehicle.zone,
    },
    submit: async (values) => {
      await api.vehicles.change.call({
        id: props.vehicle.id,
        make: values.make,
        model: values.model,
        class: classes.find((name) => name === values.class) ?? "car",
        batteryKwh: values.batteryKwh || null,
        zone: values.zone,
      });
      await client.invalidateQueries({ queryKey: api.vehicles.byId.key() });
      // Another zone makes other days.
      for (const changed of [
        api.vehicles.list,
        api.vehicles.co2Savings,
        api.vehicles.savings,
        api.vehicles.trips,
      ])
        void client.invalidateQueries({ queryKey: changed.key() });
      void notify.success(t("settings.saved"));
    },
  });
  return (
    <Card title={t("settings.name")}>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <div class="grid gap-4 sm:grid-cols-2">
          <TextInput label={t("add.make")} {...form.text("make")} maxlength={60} required />
          <TextInput label={t("add.model")} {...form.text("model")} maxlength={80} required />
          <NumberInput label={t("add.battery")} unit="kWh" {...form.text("batteryKwh")} optional />
          <Select
            label={t("add.class")}
            {...form.text("class")}
            options={classes.map((value) => ({ value, label: t(`class.${value}`) }))}
          />
        </div>
        <Select
          label={t("settings.zone")}
          hint={t("settings.zoneHint")}
          {...form.text("zone")}
          options={zoneOptions(form.values.zone)}
        />
        <FormFailure form={form} />
        <Button type="submit" variant="secondary" class="justify-self-start" busy={form.busy()}>
          {t("settings.save")}
        </Button>
      </form>
    </Card>
  );
};

const HandOver = (props: { vehicle: Vehicle }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const client = useQueryClient();
  const [asking, setAsking] = createSignal(false);
  const today = () => todayIn(props.vehicle.zone);
  const form = createForm({
    initial: { at: today(), odometerKm: "" },
    submit: async ({ at, odometerKm }) => {
      await api.vehicles.handOver.call({
        id: props.vehicle.id,
        at,
        ...(odometerKm ? { odometerKm } : {}),
      });
      await client.invalidateQueries({ queryKey: api.vehicles.byId.key() });
      void client.invalidateQueries({ queryKey: api.vehicles.list.key() });
    },
  });
  return (
    <Card title={t("settings.handOver")} subtitle={t("settings.handOverLead")}>
      <form
        novalidate
        class="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          setAsking(true);
        }}
      >
        <div class="grid gap-4 sm:grid-cols-2">
          <TextInput
            type="date"
            label={t("settings.handOverAt")}
            max={today()}
            {...form.text("at")}
            required
          />
          <NumberInput label={t("settings.handOverKm")} unit="km" {...form.text("odometerKm")} optional />
        </div>
        <FormFailure form={form} />
        <Button type="submit" variant="secondary" class="justify-self-start" busy={form.busy()}>
          {t("settings.handOverAsk")}
        </Button>
      </form>
      <ConfirmDialog
        open={asking()}
        onOpen={setAsking}
        title={t("settings.handOverTitle", { name: nameOf(props.vehicle) })}
        confirm={t("settings.handOverConfirm")}
        cancel={t("settings.cancel")}
        danger
        onConfirm={() => form.submit()}
      >
        {t("settings.handOverBody", { date: f.date(form.values.at || today(), "UTC") })}
      </ConfirmDialog>
    </Card>
  );
};
