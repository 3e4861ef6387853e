import { Card, type Column, EmptyState, LinkButton, Table } from "@evx/ui";
import { type UseQueryResult, useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import type { ApiError } from "../../lib/errors.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";

type Month = Extract<Answer<typeof api.reports.personal>, { series: unknown }>["series"][number];
type Sales = Extract<Answer<typeof api.reports.revenue>, { series: unknown }>["series"][number];

/** What a person did, month by month, to read and to download. */
export default function PersonalReport() {
  const t = useText("home");
  const f = useFormat();
  const session = useSession();
  const self = () => ({ userId: session.userId() });
  const personal = useQuery(api.reports.personal.queryOptions(self));
  const seller = () => session.role() === "ev_owner";

  const month: Column<{ period: string }> = {
    key: "period",
    header: t("column.month"),
    lead: true,
    cell: (row) => f.period(row.period, "long"),
  };
  const credits = (
    key: "creditsIssued" | "creditsSold" | "creditsBought" | "creditsRetired",
    header: string,
  ): Column<Month> => ({ key, header, align: "end", cell: (row) => f.creditsFigure(row[key]) });
  const columns = (currency: string): Column<Month>[] =>
    seller()
      ? [
          month,
          {
            key: "distance",
            header: t("column.distance"),
            align: "end",
            cell: (row) => f.km(row.distanceKm),
          },
          { key: "co2", header: t("column.co2"), align: "end", cell: (row) => f.mass(row.co2SavedKg) },
          credits("creditsIssued", t("column.issued")),
          credits("creditsSold", t("column.sold")),
          {
            key: "revenue",
            header: t("column.revenue"),
            align: "end",
            cell: (row) => f.money(row.revenue, currency),
          },
        ]
      : [
          month,
          credits("creditsBought", t("column.bought")),
          credits("creditsRetired", t("column.retired")),
          {
            key: "spent",
            header: t("column.spent"),
            align: "end",
            cell: (row) => f.money(row.spent, currency),
          },
        ];

  return (
    <Page
      title={t("report.title")}
      lead={t("report.lead")}
      actions={
        <>
          <LinkButton
            variant="secondary"
            href={`/api/reports/personal/${session.userId()}?format=csv`}
            download="report.csv"
          >
            {t("report.download")}
          </LinkButton>
          <LinkButton
            variant="secondary"
            rel="external"
            href={`/api/reports/personal/${session.userId()}?format=pdf&locale=${f.locale()}`}
            download="report.pdf"
          >
            {t("report.pdf")}
          </LinkButton>
        </>
      }
    >
      <Months query={personal} caption={t("report.title")} columns={columns} />
      <Show when={seller()}>
        <Revenue />
      </Show>
    </Page>
  );
}

/** A report's months as a table, newest first. */
const Months = <Row extends object>(props: {
  query: UseQueryResult<{ series: Row[]; currency: string } | object, ApiError>;
  caption: string;
  columns: (currency: string) => Column<Row>[];
}) => {
  const t = useText("home");
  return (
    <Card class="min-w-0">
      <Loaded query={props.query}>
        {(answer) => {
          const report = () => {
            const given = answer();
            return "series" in given ? given : null;
          };
          return (
            <Table
              caption={props.caption}
              columns={props.columns(report()?.currency ?? "")}
              rows={[...(report()?.series ?? [])].reverse()}
              empty={<EmptyState title={t("report.empty")}>{t("report.emptyBody")}</EmptyState>}
            />
          );
        }}
      </Loaded>
    </Card>
  );
};

/** What a seller's sales brought, before and after fees. */
const Revenue = () => {
  const t = useText("home");
  const f = useFormat();
  const session = useSession();
  const revenue = useQuery(api.reports.revenue.queryOptions(() => ({ userId: session.userId() })));
  const columns = (currency: string): Column<Sales>[] => [
    { key: "period", header: t("column.month"), lead: true, cell: (row) => f.period(row.period, "long") },
    { key: "sales", header: t("column.sales"), align: "end", cell: (row) => f.number(row.sales) },
    { key: "sold", header: t("column.sold"), align: "end", cell: (row) => f.creditsFigure(row.creditsSold) },
    { key: "gross", header: t("column.gross"), align: "end", cell: (row) => f.money(row.gross, currency) },
    {
      key: "fees",
      header: t("column.fees"),
      align: "end",
      cell: (row) => `${f.money(row.platformFee, currency)} + ${f.money(row.cvaFee, currency)}`,
    },
    { key: "net", header: t("column.net"), align: "end", cell: (row) => f.money(row.net, currency) },
  ];
  return (
    <section class="mt-6" aria-labelledby="revenue">
      <h2 id="revenue" class="mb-3 text-base font-semibold">
        {t("report.revenue")}
      </h2>
      <Months query={revenue} caption={t("report.revenue")} columns={columns} />
    </section>
  );
};
