import { Button, Card, type Column, EmptyState, LinkButton, Segmented, Table, TimeChart } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { keepPreviousData, useQuery } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { FlatRate } from "../../frame/flat-rate.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { useFormat } from "../../lib/format.ts";
import { pointsOf } from "../../lib/periods.ts";
import { zoneTime } from "../../lib/zones.ts";
import type { Vehicle } from "./words.ts";

type Savings = Answer<typeof api.vehicles.co2Savings>;
type Row = Savings["series"][number];

const periods = ["day", "month", "year"] as const;
/** Bars that a phone can still tell apart. */
const DRAWN = 31;
const SHOWN = 24;

/** CO2 by day, month or year: the same figures as bars and as a table. */
export const SavingsView = (props: { vehicle: Vehicle }) => {
  const t = useText("vehicles");
  const [search, setSearch] = useSearchParams<{ by?: string }>();
  const asked = oneOf(search, "by", periods);
  const by = () => asked() ?? "month";
  const savings = useQuery(
    api.vehicles.co2Savings
      .with({ placeholderData: keepPreviousData })
      .queryOptions(() => ({ id: props.vehicle.id, period: by() })),
  );
  return (
    <Card
      title={t("savings.title")}
      actions={
        <Segmented
          label={t("savings.by")}
          value={by()}
          options={periods.map((value) => ({ value, label: t(`savings.${value}`) }))}
          onValue={(value) => setSearch({ by: value === "month" ? undefined : value })}
        />
      }
    >
      <Loaded query={savings}>
        {(data) => (
          <Show
            when={data().series.length > 0}
            fallback={
              <EmptyState
                title={t("savings.empty")}
                action={
                  <LinkButton href={`/owner/vehicles/${props.vehicle.id}/import`} variant="secondary">
                    {t("list.import")}
                  </LinkButton>
                }
              >
                {t("savings.emptyBody")}
              </EmptyState>
            }
          >
            <Series savings={data()} vehicle={props.vehicle} />
          </Show>
        )}
      </Loaded>
    </Card>
  );
};

const Series = (props: { savings: Savings; vehicle: Vehicle }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const [all, setAll] = createSignal(false);
  const rows = () => {
    const newest = [...props.savings.series].reverse();
    return all() ? newest : newest.slice(0, SHOWN);
  };
  const columns = (): Column<Row>[] => [
    { key: "period", header: t("savings.period"), lead: true, cell: (row) => f.period(row.period, "long") },
    { key: "trips", header: t("savings.trips"), align: "end", cell: (row) => f.number(row.trips) },
    {
      key: "distance",
      header: t("savings.distance"),
      align: "end",
      cell: (row) => f.km(row.distanceKm, { minimumFractionDigits: 1 }),
    },
    {
      key: "energy",
      header: t("savings.energy"),
      align: "end",
      cell: (row) => (row.energyKwh > 0 ? f.kWh(row.energyKwh, { minimumFractionDigits: 1 }) : "–"),
    },
    {
      key: "saved",
      header: t("savings.saved"),
      align: "end",
      cell: (row) => f.kg(row.co2SavedKg, { minimumFractionDigits: 1 }),
    },
  ];
  return (
    <div class="grid min-w-0 gap-6">
      <div class="min-w-0">
        <TimeChart
          mark="bars"
          title={t("savings.chart")}
          valueHeader={t("savings.value")}
          labelHeader={t("savings.period")}
          points={pointsOf(props.savings.series, DRAWN, f, (row) => row.co2SavedKg)}
          format={(value) => f.mass(value)}
        />
        <Show when={props.savings.series.length > DRAWN && props.savings.period === "day"}>
          <p class="mt-2 text-sm text-muted">{t("savings.lastDays", { count: f.number(DRAWN) })}</p>
        </Show>
      </div>
      <Table caption={t("savings.table")} columns={columns()} rows={rows()} />
      <div class="flex flex-wrap items-center justify-between gap-3">
        <div class="grid max-w-[40rem] gap-1">
          <p class="text-sm text-muted">
            {t("savings.note", { zone: zoneTime(props.savings.zone), method: props.savings.method })}
          </p>
          <Show when={props.savings.method === "flat-v1"}>
            <FlatRate />
          </Show>
        </div>
        <div class="flex flex-wrap gap-2">
          <Show when={!all() && props.savings.series.length > SHOWN}>
            <Button variant="secondary" size="sm" onClick={() => setAll(true)}>
              {t("savings.more", { count: f.number(props.savings.series.length) })}
            </Button>
          </Show>
          <LinkButton
            href={`/api/vehicles/${props.vehicle.id}/co2-savings.csv?period=${props.savings.period}`}
            variant="secondary"
            size="sm"
            rel="external"
            download=""
          >
            {t("savings.csv")}
          </LinkButton>
        </div>
      </div>
    </div>
  );
};
