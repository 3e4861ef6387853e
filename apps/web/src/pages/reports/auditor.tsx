import type { Column } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { Files } from "./files.tsx";
import { Monthly } from "./monthly.tsx";
import { createPeriod, PeriodChoice } from "./period.tsx";
import { figures, Series } from "./series.tsx";

type Report = Extract<Answer<typeof api.reports.auditor>, { series: unknown }>;
type Row = Report["series"][number];

/** An auditor's decisions in a period: stands on the page of their work. */
export const AuditorReport = () => {
  const t = useText("reports");
  const session = useSession();
  const period = createPeriod();
  const report = useQuery(
    api.reports.auditor.queryOptions(() => ({ userId: session.userId(), ...period.input() })),
  );
  return (
    <section aria-labelledby="by-period" class="mt-7">
      <h2 id="by-period" class="mb-4 text-base font-semibold">
        {t("auditor.title")}
      </h2>
      <PeriodChoice period={period} />
      <Loaded query={report}>{(answer) => <Decisions report={answer() as Report} />}</Loaded>
      <Files period={period} reports={["auditor"]} />
      <Monthly />
    </section>
  );
};

const Decisions = (props: { report: Report }) => {
  const t = useText("reports");
  const f = useFormat();
  const columns: Column<Row>[] = [
    figures("decided", t("column.decided"), (row) => f.number(row.decided)),
    figures("approved", t("column.approved"), (row) => f.number(row.approved)),
    figures("rejected", t("column.rejected"), (row) => f.number(row.rejected)),
    figures("issued", t("column.issued"), (row) => f.creditsFigure(row.creditsIssued)),
    figures("hours", t("column.hours"), (row) =>
      row.hours === null ? "–" : f.number(row.hours, { maximumFractionDigits: 1 }),
    ),
  ];
  return (
    <Series
      rows={props.report.series}
      chart={t("chart.decided")}
      value={(row) => row.decided}
      format={(value) => f.number(value)}
      columns={columns}
    />
  );
};
