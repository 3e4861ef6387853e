import { Card, type Column, Table } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { Files } from "./files.tsx";
import { createPeriod, PeriodChoice } from "./period.tsx";
import { figures, Series } from "./series.tsx";

type Report = Extract<Answer<typeof api.reports.platform>, { series: unknown }>;
type Row = Report["series"][number];
type Insight = Answer<typeof api.reports.insight>;

/** What the venue did in a period, how far its people come, and who does most. */
export default function VenueReport() {
  const t = useText("reports");
  const period = createPeriod();
  const days = () => {
    const { by: _, ...rest } = period.input();
    return rest;
  };
  const report = useQuery(api.reports.platform.queryOptions(period.input));
  const insight = useQuery(api.reports.insight.queryOptions(days));
  return (
    <Page title={t("venue.title")} lead={t("venue.lead")}>
      <PeriodChoice period={period} />
      <Loaded query={report}>{(answer) => <Figures report={answer() as Report} />}</Loaded>
      <Loaded query={insight}>
        {(known) => (
          <>
            <div class="mt-7 grid min-w-0 gap-7 lg:grid-cols-2">
              <Funnel title={t("section.funnelOwners")} steps={known().owners} />
              <Funnel title={t("section.funnelBuyers")} steps={known().buyers} />
            </div>
            <Cohorts cohorts={known().cohorts} />
            <Top insight={known()} />
          </>
        )}
      </Loaded>
      <Files period={period} reports={["platform", "sales"]} everybody />
    </Page>
  );
}

const Figures = (props: { report: Report }) => {
  const t = useText("reports");
  const f = useFormat();
  const money = (text: string) => f.money(text, props.report.currency);
  const columns: Column<Row>[] = [
    figures("users", t("column.users"), (row) => f.number(row.users)),
    figures("issued", t("column.issued"), (row) => f.creditsFigure(row.creditsIssued)),
    figures("sold", t("column.sold"), (row) => f.creditsFigure(row.creditsTraded)),
    figures("retired", t("column.retired"), (row) => f.creditsFigure(row.creditsRetired)),
    figures("volume", t("column.volume"), (row) => money(row.volume)),
    figures("fees", t("column.fees"), (row) => `${money(row.platformFees)} + ${money(row.cvaFees)}`),
    figures("disputes", t("column.disputes"), (row) => f.number(row.disputes)),
  ];
  return (
    <Series
      rows={props.report.series}
      chart={t("chart.volume")}
      value={(row) => Number(row.volume)}
      format={(value) => money(value.toFixed(2))}
      columns={columns}
      subtitle={t("chart.sum", { volume: money(props.report.volume), fees: money(props.report.fees) })}
    />
  );
};

/** Steps as bars that stand on the first one, each with its figure and its share in words. */
const Funnel = (props: { title: string; steps: Insight["owners"] }) => {
  const t = useText("reports");
  const f = useFormat();
  const first = () => props.steps[0]?.people ?? 0;
  const share = (people: number) => (first() === 0 ? 0 : people / first());
  return (
    <Card class="min-w-0" title={props.title} subtitle={t("section.funnelLead")}>
      <ol class="grid gap-3 text-sm">
        <For each={props.steps}>
          {({ step, people }) => (
            <li>
              <div class="flex justify-between gap-3">
                <span>{t(`step.${step as "joined"}`)}</span>
                <span class="tabular-nums">
                  {f.number(people)} <span class="text-muted">{f.percent(share(people), 0)}</span>
                </span>
              </div>
              <div class="mt-1 h-2 bg-sunken" aria-hidden="true">
                <div class="h-full bg-accent" style={{ width: `${share(people) * 100}%` }} />
              </div>
            </li>
          )}
        </For>
      </ol>
    </Card>
  );
};

/** A cohort's row goes on as long as the longest one does. */
const mostMonths = 12;

const Cohorts = (props: { cohorts: Insight["cohorts"] }) => {
  const t = useText("reports");
  const f = useFormat();
  const months = () => Math.min(mostMonths, Math.max(0, ...props.cohorts.map(({ active }) => active.length)));
  const columns = (): Column<Insight["cohorts"][number]>[] => [
    { key: "month", header: t("column.joined"), lead: true, cell: (row) => f.period(row.month, "long") },
    figures("people", t("column.people"), (row) => f.number(row.people)),
    ...Array.from(
      { length: months() },
      (_, later): Column<Insight["cohorts"][number]> => ({
        key: `m${later}`,
        header: t("month.later", { months: f.number(later) }),
        align: "end",
        cell: (row) => (row.active[later] === undefined ? "" : f.number(row.active[later] ?? 0)),
      }),
    ),
  ];
  return (
    <Show when={props.cohorts.length > 0}>
      <Card class="mt-7 min-w-0" title={t("section.cohorts")} subtitle={t("section.cohortsLead")}>
        <Table caption={t("section.cohorts")} columns={columns()} rows={[...props.cohorts].reverse()} />
      </Card>
    </Show>
  );
};

const lists = ["sellers", "buyers", "owners", "retirers", "auditors"] as const;

const Top = (props: { insight: Insight }) => {
  const t = useText("reports");
  const f = useFormat();
  const shown = (list: (typeof lists)[number], amount: string): string => {
    if (list === "auditors") return f.number(Number(amount));
    const isMoney = list === "sellers" || list === "buyers";
    return isMoney ? f.money(amount, props.insight.currency) : f.creditsFigure(amount);
  };
  return (
    <Card class="mt-7 min-w-0" title={t("section.top")}>
      <div class="grid gap-7 md:grid-cols-2 lg:grid-cols-3">
        <For each={lists.filter((list) => props.insight.top[list].length > 0)}>
          {(list) => (
            <section>
              <h3 class="mb-2 text-sm font-semibold">{t(`top.${list}`)}</h3>
              <ol class="divide-y divide-line text-sm">
                <For each={props.insight.top[list]}>
                  {(one) => (
                    <li class="flex justify-between gap-3 py-1.5">
                      <a class="tap min-w-0 wrap-anywhere" href={`/admin/users/${one.userId}`}>
                        {one.name}
                      </a>
                      <span class="tabular-nums">{shown(list, one.amount)}</span>
                    </li>
                  )}
                </For>
              </ol>
            </section>
          )}
        </For>
      </div>
    </Card>
  );
};
