import type { Column } from "@evx/ui";
import { useText } from "../../i18n/index.ts";
import type { Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { Standing } from "./standing.tsx";

type Row = Pick<
  Answer<typeof api.verification.certificates.search>["items"][number],
  "certificateNumber" | "creditsAmount" | "issueDate" | "status" | "current" | "currentRuns" | "ranges"
>;

/** The columns that every list of certificates has. */
export const useCertificateColumns = <R extends Row>() => {
  const t = useText("certificates");
  const f = useFormat();
  return {
    number: (): Column<R> => ({
      key: "number",
      header: t("column.number"),
      lead: true,
      cell: (row) => (
        <a
          href={`/c/${row.certificateNumber}`}
          class="font-mono text-[0.8125rem] whitespace-nowrap hover:underline"
        >
          {row.certificateNumber}
        </a>
      ),
    }),
    credits: (): Column<R> => ({
      key: "credits",
      header: t("column.credits"),
      align: "end",
      narrow: "third",
      cell: (row) => f.creditsFigure(row.creditsAmount),
    }),
    date: (): Column<R> => ({
      key: "date",
      header: t("column.date"),
      narrow: "third",
      cell: (row) => <span class="whitespace-nowrap">{f.date(row.issueDate)}</span>,
    }),
    status: (): Column<R> => ({
      key: "status",
      header: t("column.status"),
      cell: (row) => <Standing of={row} />,
    }),
  };
};
