import {
  Card,
  type Column,
  EmptyState,
  LinkButton,
  Menu,
  type MenuItem,
  Select,
  StatusDot,
  Table,
  TextInput,
  TextLink,
} from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery } from "@tanstack/solid-query";
import Ellipsis from "lucide-solid/icons/ellipsis";
import { createSignal, Show } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { useFormat } from "../../lib/format.ts";
import { paymentActions, toneOfPayment } from "./admin-actions.ts";
import { DecideDialog, type Decision } from "./decide.tsx";
import { useDecisions } from "./decisions.ts";
import type { OperatorPayment } from "./words.ts";

const shows = ["all", "flagged", "unpaid", "paid", "refunded", "disputed"] as const;

const useColumns = (decide: (decision: Decision) => void) => {
  const t = useText("payments");
  const f = useFormat();
  const m = useText("money");
  const decisions = useDecisions();
  const items = (row: OperatorPayment): MenuItem[] =>
    paymentActions(row).map((action) => ({
      label: action === "release" ? m("release.action") : t(`admin.${action}`),
      danger: action === "refund",
      onSelect: () => decide(decisions[action](row)),
    }));

  const actions = (): Column<OperatorPayment> => ({
    key: "actions",
    header: t("column.actions"),
    hideHeader: true,
    align: "end",
    cell: (row) => (
      <Show when={paymentActions(row).length > 0}>
        <Menu
          label={t("admin.menu", { name: row.buyerName })}
          trigger={<Ellipsis size={16} aria-hidden="true" />}
          items={items(row)}
        />
      </Show>
    ),
  });

  return (rows: readonly OperatorPayment[]): Column<OperatorPayment>[] => [
    {
      key: "amount",
      header: t("column.amount"),
      lead: true,
      cell: (row) => (
        <TextLink class="whitespace-nowrap" href={`/admin/payments/${row.id}`}>
          {f.money(row.amount, row.currency)}
        </TextLink>
      ),
    },
    {
      key: "status",
      header: t("column.status"),
      cell: (row) => (
        <div class="min-w-0 max-w-xs">
          <StatusDot tone={toneOfPayment(row)}>
            {t(`state.${row.state === "captured" && row.settledAt ? "settled" : row.state}`)}
          </StatusDot>
          <Show when={row.flag}>{(flag) => <p class="text-xs text-warning">{t(`flag.${flag()}`)}</p>}</Show>
        </div>
      ),
    },
    {
      key: "buyer",
      header: t("column.buyer"),
      cell: (row) => <span class="break-words">{row.buyerName}</span>,
    },
    {
      key: "seller",
      header: t("column.seller"),
      // One order over many listings is of many sellers.
      cell: (row) => <span class="break-words">{row.sellerName || t("sellers.many")}</span>,
    },
    { key: "when", header: t("column.when"), cell: (row) => f.dateTime(row.createdAt) },
    // Where nothing is to be decided, phones are spared an empty line in every card.
    ...(rows.some((row) => paymentActions(row).length > 0) ? [actions()] : []),
  ];
};

/** Buyers' payments, with what an operator may do to each. */
export const PaymentsIn = () => {
  const t = useText("payments");
  const [search, setSearch] = useSearchParams<{ show?: string; q?: string }>();
  const m = useText("money");
  const [decision, setDecision] = createSignal<Decision | null>(null);
  const askedShow = oneOf(search, "show", shows);
  const shown = () => askedShow() ?? "all";
  const payments = useInfiniteQuery(
    api.payments.all.pageOptions(() => ({ limit: 25, show: shown(), ...(search.q ? { q: search.q } : {}) })),
  );
  const columns = useColumns(setDecision);

  return (
    <Card>
      <div class="mb-3 flex flex-wrap gap-3">
        <Select
          label={t("admin.show")}
          class="w-full sm:w-56"
          value={shown()}
          options={shows.map((value) => ({ value, label: t(`admin.show.${value}`) }))}
          onValue={(show) => setSearch({ show: show === "all" ? undefined : show })}
        />
        <TextInput
          label={m("search.label")}
          hint={m("search.hint")}
          class="w-full sm:w-96"
          value={search.q ?? ""}
          onValue={(text) => setSearch({ q: text.trim() || undefined })}
        />
        <LinkButton
          class="self-start sm:mt-6.5"
          variant="secondary"
          rel="external"
          href={`/api/admin/payments/csv?show=${shown()}`}
          download=""
        >
          {m("search.csv")}
        </LinkButton>
      </div>
      <LoadedPages query={payments}>
        {(rows) => (
          <Table
            caption={t("admin.in")}
            columns={columns(rows())}
            rows={rows()}
            marked={(row) => row.flag !== null}
            empty={<EmptyState title={t("admin.none")}>{t("admin.noneBody")}</EmptyState>}
          />
        )}
      </LoadedPages>
      <Show when={decision()}>
        {(asked) => <DecideDialog decision={asked()} onClose={() => setDecision(null)} />}
      </Show>
    </Card>
  );
};
