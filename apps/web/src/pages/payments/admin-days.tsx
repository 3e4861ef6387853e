import { Button, Card, type Column, EmptyState, StatusDot, Table, TextLink } from "@evx/ui";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { DecideDialog, type Decision } from "./decide.tsx";

type Day = Answer<typeof api.reconciliation.days>["items"][number];
type Difference = Answer<typeof api.reconciliation.differences>["items"][number];

/** Gateways' days as they were compared with the books, and what differs and waits for somebody. */
export const GatewayDays = () => {
  const [decision, setDecision] = createSignal<Decision | null>(null);
  const differences = useInfiniteQuery(api.reconciliation.differences.pageOptions(() => ({ limit: 20 })));
  const days = useInfiniteQuery(api.reconciliation.days.pageOptions(() => ({ limit: 20 })));
  const m = useText("money");
  return (
    <div class="grid gap-6">
      <Card title={m("days.differs")} subtitle={m("days.differsLead")}>
        <LoadedPages query={differences}>
          {(rows) => <Differences rows={rows()} decide={setDecision} />}
        </LoadedPages>
      </Card>
      <Card title={m("days.title")} subtitle={m("days.lead")}>
        <LoadedPages query={days}>{(rows) => <Days rows={rows()} />}</LoadedPages>
      </Card>
      <Show when={decision()}>
        {(asked) => (
          <DecideDialog
            decision={asked()}
            onClose={() => {
              setDecision(null);
              void differences.refetch();
              void days.refetch();
            }}
          />
        )}
      </Show>
    </div>
  );
};

const Differences = (props: { rows: readonly Difference[]; decide: (decision: Decision) => void }) => {
  const m = useText("money");
  const t = useText("payments");
  const f = useFormat();
  const sum = (amount: string | null, currency: string) =>
    amount === null ? m("days.nothing") : f.money(amount, currency);
  const resolve = (row: Difference): Decision => ({
    title: m("days.resolveTitle"),
    body: m("days.resolveBody"),
    confirm: m("days.resolve"),
    done: m("days.resolved"),
    reason: true,
    act: (note) => api.reconciliation.resolve.call({ differenceId: row.id, note }),
  });
  const columns = (): Column<Difference>[] => [
    {
      key: "kind",
      header: m("days.kind"),
      lead: true,
      cell: (row) => (
        <div class="min-w-0 max-w-xs">
          <p>
            {m(`what.${row.what}`)}: {m(`differs.${row.kind}`)}
          </p>
          <Show when={row.paymentId} fallback={<p class="text-xs break-all text-muted">{row.ref}</p>}>
            {(id) => (
              <TextLink class="text-xs break-all" href={`/admin/payments/${id()}`}>
                {row.ref ?? id()}
              </TextLink>
            )}
          </Show>
        </div>
      ),
    },
    {
      key: "day",
      header: m("days.day"),
      cell: (row) => (
        <>
          {t(`pay.method.${row.gateway}`)}, {f.date(`${row.day}T00:00:00Z`, "UTC")}
        </>
      ),
    },
    { key: "here", header: m("days.here"), align: "end", cell: (row) => sum(row.here, row.currency) },
    { key: "there", header: m("days.there"), align: "end", cell: (row) => sum(row.there, row.currency) },
    {
      key: "resolve",
      header: m("days.resolve"),
      hideHeader: true,
      align: "end",
      cell: (row) => (
        <Button size="sm" variant="secondary" onClick={() => props.decide(resolve(row))}>
          {m("days.resolve")}
        </Button>
      ),
    },
  ];
  return (
    <Table
      caption={m("days.differs")}
      columns={columns()}
      rows={props.rows}
      empty={<EmptyState title={m("days.none")}>{m("days.noneBody")}</EmptyState>}
    />
  );
};

const Days = (props: { rows: readonly Day[] }) => {
  const m = useText("money");
  const t = useText("payments");
  const f = useFormat();
  return (
    <ul class="divide-y divide-line">
      <For
        each={props.rows}
        fallback={<EmptyState title={m("days.empty")}>{m("days.emptyBody")}</EmptyState>}
      >
        {(day) => (
          <li class="grid gap-2 py-3">
            <div class="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
              <p class="font-semibold">
                {t(`pay.method.${day.gateway}`)}, {f.date(`${day.day}T00:00:00Z`, "UTC")}
              </p>
              <StatusDot tone={day.open > 0 ? "warning" : "positive"}>
                {day.open > 0 ? m.n("days.open", day.open) : m("days.agrees")}
              </StatusDot>
            </div>
            <p class="text-xs text-muted">
              {f.dateTimes(day.from, day.to)}
              <Show when={!day.listed}>. {m("days.asked")}</Show>
            </p>
            <ul class="grid gap-1 text-sm">
              <For each={day.sums} fallback={<li class="text-muted">{m("days.quiet")}</li>}>
                {(sum) => <Sum sum={sum} />}
              </For>
            </ul>
          </li>
        )}
      </For>
    </ul>
  );
};

const Sum = (props: { sum: Day["sums"][number] }) => {
  const m = useText("money");
  const f = useFormat();
  const money = (amount: string) => f.money(amount, props.sum.currency);
  return (
    <li class="grid grid-cols-2 gap-x-6 sm:grid-cols-4">
      <span class="col-span-2 sm:col-span-1">
        {m("days.count", { what: m(`what.${props.sum.what}`), count: f.number(props.sum.count) })}
      </span>
      <span data-figure>
        <span class="text-muted">{m("days.gross")}</span> {money(props.sum.gross)}
      </span>
      <span data-figure>
        <span class="text-muted">{m("days.fee")}</span> {money(props.sum.fee)}
      </span>
      <span data-figure>
        <span class="text-muted">{m("days.net")}</span> {money(props.sum.net)}
      </span>
    </li>
  );
};
