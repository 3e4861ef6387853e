import { Card, type Column, LinkButton, Notice, Skeleton, Stat, Stats, Table, type TimePoint } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { pointsOf, spanOf } from "../../lib/periods.ts";
import { Depth, Spread } from "./depth.tsx";

/** Under the figures, which answer first. */
const TimeChart = part(() => import("./chart.tsx"), "h-80");

type Trends = Answer<typeof api.pricing.trends>;
type Day = Trends["series"][number];

/** What credits sold for, how many, and who wants more. Answers one question: what is a credit worth here now? */
export default function TrendsPage() {
  const t = useText("trends");
  const f = useFormat();
  const trends = useQuery(api.pricing.trends.queryOptions());
  const known = () => (trends.isPending ? undefined : trends.data);
  const last = () => {
    const data = known();
    return data?.lastPrice && data.lastAt
      ? { price: f.money(data.lastPrice, data.currency), at: data.lastAt }
      : null;
  };

  return (
    <Page
      title={t("title")}
      heading={
        // What it says comes later and takes two lines on a phone.
        <span class="block max-sm:min-h-[2.3em]">
          <Show when={known()} fallback={t("title")}>
            <Show when={last()} fallback={t("heading.none")}>
              {(sale) => <>{t("heading.price", { price: sale().price })}</>}
            </Show>
          </Show>
        </span>
      }
      above={t("title")}
      lead={
        // Two lines on a phone, too, also before they are known.
        <span class="block max-sm:min-h-11">
          <Show when={known()} fallback={<Skeleton class="h-5 w-72 max-w-full" />}>
            <Show when={last()} fallback={t("lead.none")}>
              {(sale) => <>{t("lead.last", { when: f.dateTime(sale().at) })}</>}
            </Show>
          </Show>
        </span>
      }
      actions={<LinkButton href="/marketplace">{t("action")}</LinkButton>}
    >
      <Loaded query={trends} skeleton={<Skeleton lines={4} class="h-28 w-full" />}>
        {(data) => <Figures trends={data()} />}
      </Loaded>
    </Page>
  );
}

const Figures = (props: { trends: Trends }) => {
  const t = useText("trends");
  const f = useFormat();
  const money = (amount: number | string) =>
    f.money(typeof amount === "string" ? amount : amount.toFixed(6), props.trends.currency);
  const change = (share: number | null) =>
    share === null ? "–" : f.signed(share, { style: "percent", maximumFractionDigits: 1 });
  const note = (share: number | null) => t(share === null ? "stat.unknown" : "stat.since");

  const prices = (): TimePoint[] => [
    ...props.trends.series.map((day) => ({
      ...spanOf(day.date, f),
      value: Number(day.price),
      low: Number(day.lowest),
      high: Number(day.highest),
    })),
    ...props.trends.forecast.map((day) => ({
      ...spanOf(day.date, f),
      value: Number(day.price),
      low: Number(day.low),
      high: Number(day.high),
      ahead: true,
    })),
  ];

  const columns = (): Column<Day>[] => [
    { key: "day", header: t("column.day"), lead: true, cell: (row) => f.period(row.date, "long") },
    {
      key: "price",
      header: t("column.price"),
      align: "end",
      narrow: "third",
      cell: (row) => money(row.price),
    },
    {
      key: "lowest",
      header: t("column.lowest"),
      align: "end",
      narrow: "third",
      cell: (row) => money(row.lowest),
    },
    {
      key: "highest",
      header: t("column.highest"),
      align: "end",
      narrow: "third",
      cell: (row) => money(row.highest),
    },
    {
      key: "volume",
      header: t("column.volume"),
      align: "end",
      narrow: "third",
      cell: (row) => f.creditsFigure(row.volume),
    },
    {
      key: "sales",
      header: t("column.sales"),
      align: "end",
      narrow: "third",
      cell: (row) => f.number(row.trades),
    },
  ];

  return (
    <div class="grid gap-4">
      <Show when={props.trends.basis === "insufficient_data" && props.trends.trades > 0}>
        <Notice title={t("few.title")}>
          {t("few.body", {
            trades: f.number(props.trends.trades),
            traders: f.number(props.trends.traders),
            neededTrades: f.number(props.trends.needed.trades),
            neededTraders: f.number(props.trends.needed.traders),
          })}
        </Notice>
      </Show>
      <Stats>
        <Stat
          label={t("stat.week")}
          value={change(props.trends.change7d)}
          note={note(props.trends.change7d)}
        />
        <Stat
          label={t("stat.month")}
          value={change(props.trends.change30d)}
          note={note(props.trends.change30d)}
        />
        <Stat
          label={t("stat.volume")}
          value={f.credits(props.trends.volume30d)}
          note={t.n("stat.sales", props.trends.trades30d)}
        />
        <Stat label={t("stat.supply")} value={f.credits(props.trends.supply)} note={t("stat.supplyNote")} />
        <Stat label={t("stat.demand")} value={f.credits(props.trends.demand)} note={t("stat.demandNote")} />
        <Spread />
      </Stats>
      <Show when={props.trends.series.length > 0}>
        <Card
          title={t("price.title")}
          subtitle={`${t(props.trends.forecast.length > 0 ? "price.forecast" : "price.note")}. ${t("price.steps")}.${
            props.trends.forecast.length > 0 ? "" : ` ${t("price.noForecast")}.`
          }`}
        >
          <TimeChart
            mark="steps"
            title={t("price.title")}
            labelHeader={t("column.day")}
            valueHeader={t("column.price")}
            rangeHeader={t("column.range")}
            {...(props.trends.forecast.length > 0 ? { bandLabel: t("price.band") } : {})}
            points={prices()}
            format={money}
          />
        </Card>
        <div class="grid min-w-0 gap-4">
          <Card title={t("volume.title")} subtitle={t("volume.note")}>
            <TimeChart
              mark="bars"
              title={t("volume.title")}
              labelHeader={t("column.day")}
              valueHeader={t("column.volume")}
              points={pointsOf(
                props.trends.series.map((day) => ({ ...day, period: day.date })),
                400,
                f,
                (day) => Number(day.volume),
              )}
              format={(value) => f.credits(value.toFixed(6))}
              formatTick={(value) => f.number(value, { maximumFractionDigits: 3 })}
            />
          </Card>
          <Depth />
          <Card
            title={t("table.title")}
            subtitle={t("table.utc")}
            actions={
              <LinkButton
                size="sm"
                variant="secondary"
                href="/api/ai/market-trends.csv"
                download="market-trends.csv"
              >
                {t("csv")}
              </LinkButton>
            }
          >
            <Table
              caption={t("table.title")}
              columns={columns()}
              rows={props.trends.series.toReversed().slice(0, 30)}
            />
          </Card>
        </div>
      </Show>
    </div>
  );
};
