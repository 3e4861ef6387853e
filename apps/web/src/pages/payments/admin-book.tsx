import { Button, Card, type Column, EmptyState, LinkButton, Table } from "@evx/ui";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { Loaded, LoadedPages } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { DecideDialog, type Decision } from "./decide.tsx";

type Book = Answer<typeof api.payments.book>;
type Event = Answer<typeof api.payments.webhooks>["items"][number];

/** The book's balances, who owes the venue, and gateways' events that were laid aside. */
export const Books = () => {
  const m = useText("money");
  const [decision, setDecision] = createSignal<Decision | null>(null);
  const query = useQuery(api.payments.book.queryOptions());
  return (
    <div class="grid gap-6">
      <Loaded query={query}>{(data) => <Balances book={data()} decide={setDecision} />}</Loaded>
      <Webhooks decide={setDecision} />
      <p class="text-sm text-muted">{m("book.note")}</p>
      <Show when={decision()}>
        {(asked) => (
          <DecideDialog
            decision={asked()}
            onClose={() => {
              setDecision(null);
              void query.refetch();
            }}
          />
        )}
      </Show>
    </div>
  );
};

const Balances = (props: { book: Book; decide: (decision: Decision) => void }) => {
  const m = useText("money");
  const f = useFormat();
  const money = (text: string) => f.money(text, props.book.currency);
  const writeOff = (debt: Book["debts"][number]): Decision => ({
    title: m("debt.writeOffTitle", { amount: money(debt.amount), name: debt.name }),
    body: m("debt.writeOffBody"),
    confirm: m("debt.writeOff"),
    done: m("debt.writtenOff"),
    danger: true,
    reason: true,
    part: { most: debt.amount, currency: props.book.currency },
    act: (reason, amount) =>
      api.payments.writeOff.call({ userId: debt.userId, reason, ...(amount ? { amount } : {}) }),
  });
  return (
    <>
      <Card title={m("book.title")}>
        <Table
          caption={m("book.title")}
          columns={[
            { key: "kind", header: m("book.account"), lead: true, cell: (row) => m(`account.${row.kind}`) },
            { key: "balance", header: m("book.balance"), align: "end", cell: (row) => money(row.balance) },
          ]}
          rows={props.book.accounts.flatMap(({ kind, balance }) => {
            const known = kinds.find((name) => name === kind);
            return known ? [{ id: kind, kind: known, balance }] : [];
          })}
          empty={<EmptyState title={m("book.none")}>{m("book.noneBody")}</EmptyState>}
        />
        <div class="mt-3 flex flex-wrap items-center justify-between gap-3">
          <p class="text-sm font-semibold" data-figure>
            {m("book.sum", { sum: money(props.book.sum) })}
          </p>
          <LinkButton size="sm" variant="secondary" rel="external" href="/api/admin/books/csv" download="">
            {m("book.csv")}
          </LinkButton>
        </div>
      </Card>
      <Card title={m("debt.title")} subtitle={m("debt.lead")}>
        <ul class="divide-y divide-line">
          <For each={props.book.debts} fallback={<li class="py-2.5 text-muted">{m("debt.none")}</li>}>
            {(debt) => (
              <li class="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-2.5">
                <span class="min-w-0 break-words">{debt.name}</span>
                <span class="flex items-center gap-4">
                  <span data-figure>{money(debt.amount)}</span>
                  <Button size="sm" variant="secondary" onClick={() => props.decide(writeOff(debt))}>
                    {m("debt.writeOff")}
                  </Button>
                </span>
              </li>
            )}
          </For>
        </ul>
      </Card>
    </>
  );
};

const kinds = [
  "cash",
  "debt",
  "escrow",
  "platform_fee",
  "cva_pool",
  "loss",
  "clearing",
  "payout_clearing",
] as const;

const Webhooks = (props: { decide: (decision: Decision) => void }) => {
  const m = useText("money");
  const f = useFormat();
  const client = useQueryClient();
  const events = useInfiniteQuery(
    api.payments.webhooks.pageOptions(() => ({ limit: 20, show: "parked" as const })),
  );
  const retry = (event: Event): Decision => ({
    title: m("webhook.retryTitle"),
    body: event.problem ?? "",
    confirm: m("webhook.retry"),
    done: m("webhook.retried"),
    act: async () => {
      await api.payments.retryWebhook.call({ gateway: event.gateway, eventId: event.id });
      await client.invalidateQueries({ queryKey: api.payments.webhooks.key() });
    },
  });
  const columns = (): Column<Event>[] => [
    {
      key: "type",
      header: m("webhook.what"),
      lead: true,
      cell: (row) => <span class="break-all">{row.type}</span>,
    },
    { key: "at", header: m("webhook.at"), cell: (row) => f.dateTime(row.receivedAt) },
    {
      key: "problem",
      header: m("webhook.problem"),
      cell: (row) => <span class="break-words">{row.problem}</span>,
    },
    {
      key: "retry",
      header: m("webhook.retry"),
      hideHeader: true,
      align: "end",
      cell: (row) => (
        <Button size="sm" variant="secondary" onClick={() => props.decide(retry(row))}>
          {m("webhook.retry")}
        </Button>
      ),
    },
  ];
  return (
    <Card title={m("webhook.title")} subtitle={m("webhook.lead")}>
      <LoadedPages query={events}>
        {(rows) => (
          <Table
            caption={m("webhook.title")}
            columns={columns()}
            rows={rows()}
            empty={<EmptyState title={m("webhook.none")}>{m("webhook.noneBody")}</EmptyState>}
          />
        )}
      </LoadedPages>
    </Card>
  );
};
