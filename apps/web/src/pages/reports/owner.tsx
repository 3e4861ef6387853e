import { Card, type Column, Select, Table } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { Files } from "./files.tsx";
import { Monthly } from "./monthly.tsx";
import { createPeriod, type Period, PeriodChoice } from "./period.tsx";
import { figures, Series } from "./series.tsx";

type Personal = Extract<Answer<typeof api.reports.personal>, { vehicles: unknown }>;
type Row = Personal["series"][number];
type Vehicle = Personal["vehicles"][number];
type Sale = Extract<Answer<typeof api.reports.revenue>, { series: unknown }>["series"][number];

/** What an owner drove, earned and sold in a period: all vehicles together or one of them. */
export default function OwnerReport() {
  const t = useText("reports");
  const session = useSession();
  const period = createPeriod();
  const [vehicleId, setVehicle] = createSignal<Vehicle["vehicleId"] | "">("");
  const whole = useQuery(
    api.reports.personal.queryOptions(() => ({ userId: session.userId(), ...period.input() })),
  );
  const chosen = useQuery(
    api.reports.personal.queryOptions(() => ({
      userId: session.userId(),
      ...period.input(),
      ...(vehicleId() ? { vehicleId: vehicleId() as Vehicle["vehicleId"] } : {}),
    })),
  );
  const vehicles = () => (whole.data && "vehicles" in whole.data ? whole.data.vehicles : []);
  return (
    <Page title={t("owner.title")} lead={t("owner.lead")}>
      <PeriodChoice period={period} />
      <Show when={vehicles().length > 1}>
        <Select
          class="mb-5 max-w-80"
          label={t("vehicle.label")}
          placeholder={t("vehicle.all")}
          value={vehicleId()}
          options={vehicles().map(({ vehicleId: value, name: label }) => ({ value, label }))}
          onValue={setVehicle}
        />
      </Show>
      <Loaded query={chosen}>
        {(answer) => {
          const report = () => answer() as Personal;
          return <Overview report={report()} />;
        }}
      </Loaded>
      <Show when={vehicleId() === ""}>
        <Vehicles vehicles={vehicles()} />
        <Revenue period={period} />
      </Show>
      <Files period={period} reports={["personal", "co2-savings", "revenue", "sales", "trips"]} />
      <Monthly />
    </Page>
  );
}

const Overview = (props: { report: Personal }) => {
  const t = useText("reports");
  const f = useFormat();
  const columns: Column<Row>[] = [
    figures("km", t("column.distance"), (row) => f.km(row.distanceKm)),
    figures("co2", t("column.co2"), (row) => f.mass(row.co2SavedKg)),
    figures("issued", t("column.issued"), (row) => f.creditsFigure(row.creditsIssued)),
    figures("sold", t("column.sold"), (row) => f.creditsFigure(row.creditsSold)),
    figures("revenue", t("column.revenue"), (row) => f.money(row.revenue, props.report.currency)),
  ];
  return (
    <Series
      rows={props.report.series}
      chart={t("chart.co2")}
      value={(row) => row.co2SavedKg}
      format={(value) => f.mass(value)}
      columns={columns}
      subtitle={`${f.km(props.report.totals.distanceKm)}, ${f.mass(props.report.totals.co2SavedKg)}, ${f.money(props.report.totals.revenue, props.report.currency)}`}
    />
  );
};

const Vehicles = (props: { vehicles: readonly Vehicle[] }) => {
  const t = useText("reports");
  const f = useFormat();
  const columns: Column<Vehicle>[] = [
    { key: "name", header: t("column.vehicle"), lead: true, cell: (row) => row.name },
    figures("trips", t("column.trips"), (row) => f.number(row.trips)),
    figures("km", t("column.distance"), (row) => f.km(row.distanceKm)),
    figures("co2", t("column.co2"), (row) => f.mass(row.co2SavedKg)),
    figures("issued", t("column.issued"), (row) => f.creditsFigure(row.creditsIssued)),
  ];
  return (
    <Show when={props.vehicles.length > 0}>
      <Card class="mt-7 min-w-0" title={t("section.vehicles")}>
        <Table caption={t("section.vehicles")} columns={columns} rows={[...props.vehicles]} />
      </Card>
    </Show>
  );
};

/** What the sales brought, before and after fees. */
const Revenue = (props: { period: Period }) => {
  const t = useText("reports");
  const f = useFormat();
  const session = useSession();
  const revenue = useQuery(
    api.reports.revenue.queryOptions(() => ({ userId: session.userId(), ...props.period.input() })),
  );
  const known = () => (revenue.data && "series" in revenue.data ? revenue.data : null);
  const money = (text: string) => f.money(text, known()?.currency ?? "USD");
  const columns = (): Column<Sale>[] => [
    { key: "period", header: t("column.period"), lead: true, cell: (row) => f.period(row.period, "long") },
    figures("sales", t("column.sales"), (row) => f.number(row.sales)),
    figures("sold", t("column.sold"), (row) => f.creditsFigure(row.creditsSold)),
    figures("gross", t("column.gross"), (row) => money(row.gross)),
    figures("fees", t("column.fees"), (row) => `${money(row.platformFee)} + ${money(row.cvaFee)}`),
    figures("net", t("column.net"), (row) => money(row.net)),
  ];
  return (
    <Show when={(known()?.series.length ?? 0) > 0}>
      <Card class="mt-7 min-w-0" title={t("section.revenue")}>
        <Table
          caption={t("section.revenue")}
          columns={columns()}
          rows={[...(known()?.series ?? [])].reverse()}
        />
      </Card>
    </Show>
  );
};
