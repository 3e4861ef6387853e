import {
  Button,
  Card,
  type Column,
  EmptyState,
  NumberInput,
  Stat,
  Stats,
  StatusDot,
  Table,
  TextInput,
} from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import { todayIn } from "../../lib/zones.ts";
import type { Vehicle } from "./words.ts";

type Picture = Answer<typeof api.vehicles.odometer>;
type Stretch = Picture["stretches"][number];

const tones = { matches: "positive", gap: "neutral", excess: "negative" } as const;
const verdicts = { matches: "odometer.matches", gap: "odometer.gap", excess: "odometer.excess" } as const;

/** What the trips claim beside what the car says it drove. */
export default function OdometerView(props: { vehicle: Vehicle }) {
  const t = useText("vehicles");
  const picture = useQuery(api.vehicles.odometer.queryOptions(() => ({ id: props.vehicle.id })));
  return (
    <div class="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Card title={t("odometer.title")} subtitle={t("odometer.lead")}>
        <Loaded query={picture}>
          {(data) => (
            <Show
              when={data().stretches.length > 0 || data().contradictions > 0}
              fallback={<EmptyState title={t("odometer.none")}>{t("odometer.noneBody")}</EmptyState>}
            >
              <PictureView picture={data()} zone={props.vehicle.zone} />
            </Show>
          )}
        </Loaded>
      </Card>
      <Show when={!props.vehicle.ownedTo}>
        <Reading vehicle={props.vehicle} />
      </Show>
    </div>
  );
}

const PictureView = (props: { picture: Picture; zone: string }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const longest = () =>
    Math.max(1, ...props.picture.stretches.map((each) => Math.max(each.drivenKm, each.tripsKm)));
  const width = (km: number) => `${Math.max(0.5, (km / longest()) * 100)}%`;
  const columns = (): Column<Stretch>[] => [
    {
      key: "stretch",
      header: t("odometer.stretch"),
      lead: true,
      cell: (row) => (
        <div class="min-w-40">
          <span>
            {f.date(row.from, props.zone)} – {f.date(row.to, props.zone)}
          </span>
          <div class="mt-1 grid gap-0.5" aria-hidden="true">
            <div class="h-1.5 rounded-full bg-line-strong" style={{ width: width(row.drivenKm) }} />
            <div
              class="h-1.5 rounded-full"
              classList={{ "bg-accent": row.verdict !== "excess", "bg-negative": row.verdict === "excess" }}
              style={{ width: width(row.tripsKm) }}
            />
          </div>
        </div>
      ),
    },
    {
      key: "driven",
      header: t("odometer.driven"),
      align: "end",
      cell: (row) => f.km(row.drivenKm, { minimumFractionDigits: 1 }),
    },
    {
      key: "trips",
      header: t("odometer.claimed"),
      align: "end",
      cell: (row) => f.km(row.tripsKm, { minimumFractionDigits: 1 }),
    },
    {
      key: "verdict",
      header: t("odometer.verdict"),
      cell: (row) => (
        <StatusDot tone={tones[row.verdict]}>
          {t(verdicts[row.verdict])}
          <Show when={row.verdict !== "matches"}> {f.km(Math.abs(row.gapKm))}</Show>
        </StatusDot>
      ),
    },
  ];
  const figures = () => [
    { label: t("odometer.driven"), value: props.picture.drivenKm ?? 0 },
    { label: t("odometer.claimed"), value: props.picture.tripsKm },
  ];
  return (
    <div class="grid min-w-0 gap-6">
      <Show when={props.picture.contradictions > 0}>
        <div class="grid gap-1 text-sm" role="note">
          <p class="text-negative">{t.n("odometer.falls", props.picture.contradictions)}</p>
          <ul class="grid gap-1 text-xs text-muted">
            <For each={props.picture.falls}>
              {(fall) => (
                <li>
                  {t("odometer.fall", {
                    date: f.date(fall.at),
                    km: f.km(fall.km),
                    before: f.km(fall.beforeKm),
                  })}
                </li>
              )}
            </For>
          </ul>
          <p class="text-xs text-muted">{t("odometer.fallsHelp")}</p>
        </div>
      </Show>
      <Stats>
        <For each={figures()}>{(figure) => <Stat label={figure.label} value={f.km(figure.value)} />}</For>
      </Stats>
      <Table
        caption={t("odometer.title")}
        columns={columns()}
        rows={[...props.picture.stretches].reverse()}
      />
    </div>
  );
};

const Reading = (props: { vehicle: Vehicle }) => {
  const t = useText("vehicles");
  const client = useQueryClient();
  const today = () => todayIn(props.vehicle.zone);
  const form = createForm({
    initial: { odometerKm: "", readAt: today() },
    submit: async ({ odometerKm, readAt }) => {
      await api.vehicles.readOdometer.call({
        id: props.vehicle.id,
        odometerKm,
        readAt,
      });
      await client.invalidateQueries({ queryKey: api.vehicles.odometer.key() });
      form.reset();
      void notify.success(t("odometer.saved"));
    },
  });
  return (
    <Card title={t("odometer.add")}>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <NumberInput label={t("odometer.km")} unit="km" {...form.text("odometerKm")} required />
        <TextInput type="date" label={t("odometer.when")} max={today()} {...form.text("readAt")} required />
        <FormFailure form={form} />
        <Button type="submit" variant="secondary" busy={form.busy()}>
          {t("odometer.save")}
        </Button>
      </form>
    </Card>
  );
};
