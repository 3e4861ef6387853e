import { Card, type Column, EmptyState, Table, TimeChart } from "@evx/ui";
import { type JSX, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";
import { pointsOf } from "../../lib/periods.ts";

/** A year of days is the most that a picture of this width can tell apart. */
const mostPoints = 366;

/** A column of figures: they stand at the end, so that their digits line up. */
export const figures = <Row,>(key: string, header: string, cell: (row: Row) => JSX.Element): Column<Row> => ({
  key,
  header,
  align: "end",
  narrow: "third",
  cell,
});

/** A report's rows as bars and, with every figure, as a table, newest first. */
export const Series = <Row extends { period: string }>(props: {
  rows: readonly Row[];
  chart: string;
  value: (row: Row) => number;
  format: (value: number) => string;
  columns: readonly Column<Row>[];
  subtitle?: JSX.Element;
}) => {
  const t = useText("reports");
  const f = useFormat();
  const period: Column<Row> = {
    key: "period",
    header: t("column.period"),
    lead: true,
    cell: (row) => f.period(row.period, "long"),
  };
  return (
    <Card class="min-w-0" title={t("section.series")} subtitle={props.subtitle}>
      <Show
        when={props.rows.length > 0}
        fallback={<EmptyState title={t("empty")}>{t("emptyBody")}</EmptyState>}
      >
        <TimeChart
          mark="bars"
          title={props.chart}
          labelHeader={t("column.period")}
          valueHeader={props.chart}
          points={pointsOf(props.rows, mostPoints, f, props.value)}
          format={props.format}
        />
        <div class="mt-5">
          <Table
            caption={t("section.series")}
            columns={[period, ...props.columns]}
            rows={[...props.rows].reverse()}
          />
        </div>
      </Show>
    </Card>
  );
};
