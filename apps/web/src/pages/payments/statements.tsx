import { Card, type Column, EmptyState, LinkButton, Select, Stat, Stats, Table, TextLink } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api, skipToken } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { serverNow } from "../../lib/time.ts";
import { ownZone, zoneTime } from "../../lib/zones.ts";

type Statement = Extract<Answer<typeof api.invoices.statement>, { lines: unknown }>;
type Line = Statement["lines"][number] & { id: string };

const known = [
  "sale",
  "payout",
  "payout_failed",
  "cva_fee",
  "set_off",
  "deposit_kept",
  "correction",
] as const;
const MONTHS = 24;

/** The months that have a statement, the present one where the reader is first, as "2026-03". */
const monthsUntil = (now: number): string[] => {
  const start = new Date(now);
  return Array.from({ length: MONTHS }, (_, back) =>
    new Date(Date.UTC(start.getFullYear(), start.getMonth() - back, 1)).toISOString().slice(0, 7),
  );
};

/** A month of a person's balance, to read and to take along. */
export default function Statements() {
  const m = useText("money");
  const t = useText("payments");
  const f = useFormat();
  const session = useSession();
  const [search, setSearch] = useSearchParams<{ month?: string }>();
  const months = monthsUntil(serverNow());
  const zone = ownZone();
  const asked = oneOf(search, "month", months);
  const month = () => asked() ?? months[0] ?? "";
  const query = useQuery(
    api.invoices.statement.queryOptions(() => {
      const userId = session.user()?.id;
      return userId ? { userId, month: month(), zone } : skipToken;
    }),
  );
  const address = (format: "pdf" | "csv") =>
    `/api/invoices/statements/${session.user()?.id}/${month()}?${new URLSearchParams({ format, locale: f.locale(), zone })}`;
  return (
    <Page
      title={m("statements.title")}
      lead={m("statements.lead", { zone: zoneTime(zone) })}
      above={<TextLink href="/owner/earnings">{t("earn.title")}</TextLink>}
    >
      <div class="mb-6 flex flex-wrap items-end gap-3">
        <Select
          label={m("statements.month")}
          class="w-full sm:w-56"
          value={month()}
          options={months.map((value) => ({ value, label: f.period(value, "long") }))}
          onValue={(value) => setSearch({ month: value })}
        />
        <LinkButton variant="secondary" rel="external" href={address("pdf")} download="">
          {m("statements.pdf")}
        </LinkButton>
        <LinkButton variant="secondary" rel="external" href={address("csv")} download="">
          {m("statements.csv")}
        </LinkButton>
      </div>
      <Loaded query={query}>{(data) => <Sheet statement={data()} />}</Loaded>
    </Page>
  );
}

const Sheet = (props: { statement: Answer<typeof api.invoices.statement> }) => {
  const m = useText("money");
  const f = useFormat();
  const statement = (): Statement | null => ("lines" in props.statement ? props.statement : null);
  const money = (text: string) => f.money(text, statement()?.currency ?? "USD");
  const rows = (): Line[] => (statement()?.lines ?? []).map((line, place) => ({ ...line, id: `${place}` }));
  const columns = (): Column<Line>[] => [
    {
      key: "what",
      header: m("statements.what"),
      lead: true,
      cell: (row) => m(`movement.${known.find((name) => name === row.kind) ?? "other"}`),
    },
    { key: "at", header: m("statements.at"), cell: (row) => f.dateTime(row.at) },
    { key: "amount", header: m("statements.amount"), align: "end", cell: (row) => money(row.amount) },
    { key: "balance", header: m("statements.balance"), align: "end", cell: (row) => money(row.balance) },
  ];
  return (
    <>
      <Stats class="mb-6">
        <Stat label={m("statements.opening")} value={money(statement()?.opening ?? "0")} />
        <Stat label={m("statements.closing")} value={money(statement()?.closing ?? "0")} />
      </Stats>
      <Card>
        <Table
          caption={m("statements.title")}
          columns={columns()}
          rows={rows()}
          empty={<EmptyState title={m("statements.none")}>{m("statements.noneBody")}</EmptyState>}
        />
      </Card>
    </>
  );
};
