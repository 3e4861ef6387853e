import { Card, type Column, Table } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { isReason } from "../credits/words.ts";
import { Files } from "./files.tsx";
import { Monthly } from "./monthly.tsx";
import { createPeriod, PeriodChoice } from "./period.tsx";
import { figures, Series } from "./series.tsx";

type Report = Extract<Answer<typeof api.reports.buyer>, { attributes: unknown }>;
type Row = Report["series"][number];
type Attribute = Report["attributes"][number];
type Purpose = Report["purposes"][number];

/** What a buyer bought and retired, by the attributes of the credits: what a sustainability report is made of. */
export default function BuyerReport() {
  const t = useText("reports");
  const session = useSession();
  const period = createPeriod();
  const report = useQuery(
    api.reports.buyer.queryOptions(() => ({ userId: session.userId(), ...period.input() })),
  );
  return (
    <Page title={t("buyer.title")} lead={t("buyer.lead")}>
      <PeriodChoice period={period} />
      <Loaded query={report}>
        {(answer) => {
          const known = () => answer() as Report;
          return (
            <>
              <Overview report={known()} />
              <Attributes rows={known().attributes} />
              <Purposes rows={known().purposes} />
            </>
          );
        }}
      </Loaded>
      <Files period={period} reports={["buyer", "sales"]} />
      <Monthly />
    </Page>
  );
}

const Overview = (props: { report: Report }) => {
  const t = useText("reports");
  const f = useFormat();
  const money = (text: string) => f.money(text, props.report.currency);
  const columns: Column<Row>[] = [
    figures("bought", t("column.bought"), (row) => f.creditsFigure(row.creditsBought)),
    figures("spent", t("column.spent"), (row) => money(row.spent)),
    figures("retired", t("column.retired"), (row) => f.creditsFigure(row.creditsRetired)),
  ];
  return (
    <Series
      rows={props.report.series}
      chart={t("chart.bought")}
      value={(row) => Number(row.creditsBought)}
      format={(value) => f.number(value, { maximumFractionDigits: 6 })}
      columns={columns}
      subtitle={`${f.credits(props.report.totals.creditsBought)}, ${money(props.report.totals.spent)}`}
    />
  );
};

/** What stands in a closed list is said in words; a year, and what the list does not know, as it is. */
const useValues = () => {
  const f = useFormat();
  const words = useText("credits");
  const said = (): Record<string, string> => ({
    "flat-v1": words("method.flat-v1"),
    "metered-v1": words("method.metered-v1"),
    connected: words("quality.connected"),
    export: words("quality.export"),
    manual: words("quality.manual"),
    car: words("class.car"),
    van: words("class.van"),
    quadricycle: words("class.quadricycle"),
    motorcycle: words("class.motorcycle"),
  });
  return ({ attribute, value }: Attribute) =>
    attribute === "country" ? f.country(value) : (said()[value] ?? value);
};

const Attributes = (props: { rows: readonly Attribute[] }) => {
  const t = useText("reports");
  const f = useFormat();
  const inWords = useValues();
  const columns: Column<Attribute>[] = [
    { key: "kind", header: t("column.kind"), lead: true, cell: (row) => t(`attribute.${row.attribute}`) },
    {
      key: "value",
      header: t("column.value"),
      // On a phone what it is stands above as the card's name.
      class: "cards:before:hidden",
      cell: (row) => <span>{inWords(row)}</span>,
    },
    figures("bought", t("column.bought"), (row) => f.creditsFigure(row.creditsBought)),
    figures("retired", t("column.retired"), (row) => f.creditsFigure(row.creditsRetired)),
  ];
  return (
    <Show when={props.rows.length > 0}>
      <Card class="mt-7 min-w-0" title={t("section.attributes")}>
        <Table caption={t("section.attributes")} columns={columns} rows={[...props.rows]} />
      </Card>
    </Show>
  );
};

const Purposes = (props: { rows: readonly Purpose[] }) => {
  const t = useText("reports");
  const f = useFormat();
  const words = useText("credits");
  const reason = (code: string) => words(`reason.${isReason(code) ? code : "other"}`);
  const columns: Column<Purpose>[] = [
    { key: "for", header: t("column.beneficiary"), lead: true, cell: (row) => row.beneficiary },
    { key: "reason", header: t("column.reason"), cell: (row) => reason(row.reason) },
    figures("retired", t("column.retired"), (row) => f.creditsFigure(row.creditsRetired)),
  ];
  return (
    <Show when={props.rows.length > 0}>
      <Card class="mt-7 min-w-0" title={t("section.purposes")}>
        <Table caption={t("section.purposes")} columns={columns} rows={[...props.rows]} />
      </Card>
    </Show>
  );
};
