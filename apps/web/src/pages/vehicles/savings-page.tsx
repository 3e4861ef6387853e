import {
  Button,
  Card,
  type Column,
  EmptyState,
  LinkButton,
  Segmented,
  Skeleton,
  Stat,
  Stats,
  Table,
  TimeChart,
} from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { keepPreviousData, useQuery } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { pointsOf } from "../../lib/periods.ts";
import { useVehicleWords } from "./words.ts";

type Savings = Answer<typeof api.vehicles.savings>;
const SHOWN = 24;
const periods = ["day", "month", "year"] as const;
type Period = (typeof periods)[number];

type Row = Savings["series"][number];

/** What all of an owner's driving saved, by day, month or year. */
export default function SavingsPage() {
  const t = useText("vehicles");
  const f = useFormat();
  const words = useVehicleWords();
  const [search, setSearch] = useSearchParams<{ by?: string }>();
  const asked = oneOf(search, "by", periods);
  const by = () => asked() ?? "month";
  const savings = useQuery(
    api.vehicles.savings.with({ placeholderData: keepPreviousData }).queryOptions(() => ({ period: by() })),
  );
  const known = () => (savings.isPending ? undefined : savings.data);
  const some = () => (known()?.trips ?? 0) > 0;
  return (
    <Page
      title={t("own.title")}
      heading={
        <Show when={known()} fallback={t("own.title")}>
          {(data) => (some() ? t("own.heading", { mass: f.mass(data().co2SavedKg) }) : t("own.none"))}
        </Show>
      }
      lead={
        <Show when={known()} fallback={<Skeleton class="h-5 w-72 max-w-full" />}>
          {(data) => (
            <Show when={some()} fallback={t("own.noneLead")}>
              {t("own.lead", {
                trips: words.trips(data().trips),
                distance: f.km(Math.round(data().distanceKm)),
                vehicles: t.n("own.vehicles", data().vehicles),
              })}
            </Show>
          )}
        </Show>
      }
      actions={<LinkButton href="/owner/vehicles">{t("list.title")}</LinkButton>}
    >
      <Loaded query={savings} skeleton={<Skeleton lines={4} class="h-16 w-full" />}>
        {(data) => (
          <Show
            when={data().trips > 0}
            fallback={
              <Card>
                <EmptyState title={t("savings.empty")}>{t("savings.emptyBody")}</EmptyState>
              </Card>
            }
          >
            <Figures
              savings={data()}
              by={by()}
              onBy={(value) => setSearch({ by: value === "month" ? undefined : value })}
            />
          </Show>
        )}
      </Loaded>
    </Page>
  );
}

const Figures = (props: { savings: Savings; by: Period; onBy: (by: Period) => void }) => {
  const t = useText("vehicles");
  const f = useFormat();
  const [all, setAll] = createSignal(false);
  const rows = () => {
    const newest = [...props.savings.series].reverse();
    return all() ? newest : newest.slice(0, SHOWN);
  };
  const claimed = () => gramsOf(props.savings.credits) - gramsOf(props.savings.claimableCredits);
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
      key: "saved",
      header: t("savings.saved"),
      align: "end",
      cell: (row) => f.kg(row.co2SavedKg, { minimumFractionDigits: 1 }),
    },
    {
      key: "claimed",
      header: t("own.claimed"),
      align: "end",
      cell: (row) => f.kg(row.claimedKg, { minimumFractionDigits: 1 }),
    },
  ];
  return (
    <div class="grid min-w-0 gap-6">
      <Stats>
        <Stat
          label={t("own.credits")}
          value={f.credits(props.savings.credits)}
          note={f.mass(props.savings.co2SavedKg)}
        />
        <Stat
          label={t("own.claimable")}
          value={f.credits(props.savings.claimableCredits)}
          note={f.creditsMass(props.savings.claimableCredits)}
        />
        <Stat label={t("own.claimed")} value={f.mass(Number(claimed()) / 1000)} />
      </Stats>
      <Card
        title={t("savings.chart")}
        class="min-w-0"
        actions={
          <Segmented
            label={t("savings.by")}
            value={props.by}
            options={periods.map((value) => ({ value, label: t(`savings.${value}`) }))}
            onValue={props.onBy}
          />
        }
      >
        <TimeChart
          mark="bars"
          title={t("savings.chart")}
          valueHeader={t("savings.value")}
          labelHeader={t("savings.period")}
          points={pointsOf(props.savings.series, SHOWN, f, (row) => row.co2SavedKg)}
          format={(value) => f.mass(value)}
        />
      </Card>
      <Card title={t("savings.table")} flush>
        <Table caption={t("savings.table")} columns={columns()} rows={rows()} />
      </Card>
      <Show when={!all() && props.savings.series.length > SHOWN}>
        <Button variant="secondary" size="sm" class="justify-self-start" onClick={() => setAll(true)}>
          {t("savings.more", { count: f.number(props.savings.series.length) })}
        </Button>
      </Show>
      <p class="text-sm text-muted">{t("own.note", { method: props.savings.method })}</p>
    </div>
  );
};
