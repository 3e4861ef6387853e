import { Card, type Column, LinkButton, Table, TimeChart } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { pointsOf } from "../../lib/periods.ts";

type Report = Extract<Answer<typeof api.reports.platform>, { series: unknown }>;
type Month = Report["series"][number];

/** What the venue did by month, as bars and as a table, with its people. */
export const Months = () => {
  const platform = useQuery(api.reports.platform.queryOptions(() => ({})));
  return (
    <Loaded query={platform}>
      {(answer) => {
        const report = () => {
          const given = answer();
          return "series" in given ? given : null;
        };
        return <Show when={report()}>{(known) => <Figures report={known()} />}</Show>;
      }}
    </Loaded>
  );
};

const Figures = (props: { report: Report }) => {
  const t = useText("home");
  const f = useFormat();
  const columns = (): Column<Month>[] => [
    { key: "period", header: t("column.month"), lead: true, cell: (row) => f.period(row.period, "long") },
    {
      key: "issued",
      header: t("column.issued"),
      align: "end",
      narrow: "third",
      cell: (row) => f.creditsFigure(row.creditsIssued),
    },
    {
      key: "traded",
      header: t("column.sold"),
      align: "end",
      narrow: "third",
      cell: (row) => f.creditsFigure(row.creditsTraded),
    },
    {
      key: "retired",
      header: t("column.retired"),
      align: "end",
      narrow: "third",
      cell: (row) => f.creditsFigure(row.creditsRetired),
    },
    {
      key: "volume",
      header: t("admin.volume"),
      align: "end",
      narrow: "third",
      cell: (row) => f.money(row.volume, props.report.currency),
    },
    {
      key: "disputes",
      header: t("admin.disputes"),
      align: "end",
      narrow: "third",
      cell: (row) => f.number(row.disputes),
    },
  ];
  const people = () => props.report.users;
  return (
    <>
      <Card
        class="mt-7"
        title={t("admin.chart")}
        subtitle={t("admin.total", {
          volume: f.money(props.report.volume, props.report.currency),
          fees: f.money(props.report.fees, props.report.currency),
        })}
      >
        <TimeChart
          mark="bars"
          title={t("admin.chart")}
          labelHeader={t("column.month")}
          valueHeader={t("admin.volume")}
          points={pointsOf(props.report.series, 24, f, (month) => Number(month.volume))}
          format={(value) => f.money(value.toFixed(2), props.report.currency)}
          formatTick={(value) => f.money(String(value), props.report.currency, { maximumFractionDigits: 0 })}
        />
      </Card>
      <Card
        class="mt-7"
        title={t("admin.months")}
        subtitle={t("admin.peopleLine", {
          owners: f.number(people().ev_owner ?? 0),
          buyers: f.number(people().buyer ?? 0),
          auditors: f.number(people().cva ?? 0),
        })}
        actions={
          <LinkButton size="sm" variant="secondary" href="/admin/reports">
            {t("report.open")}
          </LinkButton>
        }
      >
        <Table caption={t("admin.months")} columns={columns()} rows={[...props.report.series].reverse()} />
      </Card>
    </>
  );
};
