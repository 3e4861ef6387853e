import { Card, type Column, EmptyState, Menu, type MenuItem, Select, StatusDot, Table } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery, useQueryClient } from "@tanstack/solid-query";
import Ellipsis from "lucide-solid/icons/ellipsis";
import { createSignal, Show } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { useFormat } from "../../lib/format.ts";
import { withdrawalActions } from "./admin-actions.ts";
import { DecideDialog, type Decision } from "./decide.tsx";
import { type OperatorWithdrawal, useFailure, withdrawalTones } from "./words.ts";

const statuses = ["requested", "approved", "sent", "completed", "failed"] as const;

/** The decisions that an operator may ask for, each with its words. */
const useDecisions = () => {
  const t = useText("payments");
  const f = useFormat();
  const client = useQueryClient();
  const amount = (row: OperatorWithdrawal) => f.money(row.amount, row.currency);
  const then = (call: Promise<unknown>) =>
    call.then(() => client.invalidateQueries({ queryKey: api.payments.allWithdrawals.key() }));

  const approve = (row: OperatorWithdrawal): Decision => ({
    title: t("admin.approveTitle", { amount: amount(row), name: row.userName }),
    body: t("admin.approveBody", { account: row.bankAccountMasked }),
    confirm: t("admin.approve"),
    done: t("admin.approved"),
    act: () => then(api.payments.approve.call({ withdrawalId: row.id })),
  });
  const reject = (row: OperatorWithdrawal): Decision => ({
    title: t("admin.rejectTitle"),
    body: t("admin.rejectBody", { amount: amount(row), name: row.userName }),
    confirm: t("admin.reject"),
    done: t("admin.rejected"),
    danger: true,
    reason: true,
    act: (reason) => then(api.payments.reject.call({ withdrawalId: row.id, reason })),
  });
  const again = (row: OperatorWithdrawal): Decision => ({
    title: t("admin.againTitle"),
    body: t("admin.againBody"),
    confirm: t("admin.again"),
    done: t("admin.resolved"),
    act: () => then(api.payments.resolve.call({ withdrawalId: row.id, decision: "send_again" })),
  });
  const giveBack = (row: OperatorWithdrawal): Decision => ({
    title: t("admin.backTitle", { amount: amount(row) }),
    body: t("admin.backBody"),
    confirm: t("admin.back"),
    done: t("admin.resolved"),
    danger: true,
    act: () => then(api.payments.resolve.call({ withdrawalId: row.id, decision: "give_back" })),
  });
  return { approve, reject, again, giveBack };
};

const labels = {
  approve: "admin.approve",
  reject: "admin.reject",
  again: "admin.again",
  giveBack: "admin.back",
} as const;

const useColumns = (decide: (decision: Decision) => void) => {
  const t = useText("payments");
  const f = useFormat();
  const failure = useFailure();
  const decisions = useDecisions();
  const items = (row: OperatorWithdrawal): MenuItem[] =>
    withdrawalActions(row).map((action) => ({
      label: t(labels[action]),
      danger: action === "reject" || action === "giveBack",
      onSelect: () => decide(decisions[action](row)),
    }));

  const actions = (): Column<OperatorWithdrawal> => ({
    key: "actions",
    header: t("column.actions"),
    hideHeader: true,
    align: "end",
    cell: (row) => (
      <Show when={withdrawalActions(row).length > 0}>
        <Menu
          label={t("admin.menu", { name: row.userName })}
          trigger={<Ellipsis size={16} aria-hidden="true" />}
          items={items(row)}
        />
      </Show>
    ),
  });

  return (rows: readonly OperatorWithdrawal[]): Column<OperatorWithdrawal>[] => [
    {
      key: "amount",
      header: t("column.amount"),
      lead: true,
      cell: (row) => <span class="whitespace-nowrap">{f.money(row.amount, row.currency)}</span>,
    },
    {
      key: "status",
      header: t("column.status"),
      cell: (row) => (
        <div class="min-w-0 max-w-xs">
          <StatusDot tone={row.flag ? "warning" : withdrawalTones[row.status]}>
            {t(`admin.show.${row.status}`)}
          </StatusDot>
          <Show when={row.flag}>
            <p class="text-xs text-warning">{t("flag.unanswered")}</p>
          </Show>
          <Show when={row.failure}>
            {(reason) => <p class="text-xs break-words text-muted">{failure(reason())}</p>}
          </Show>
        </div>
      ),
    },
    {
      key: "person",
      header: t("column.person"),
      cell: (row) => <span class="break-words">{row.userName}</span>,
    },
    {
      key: "bank",
      header: t("column.bank"),
      cell: (row) => <span data-figure>{row.bankAccountMasked}</span>,
    },
    { key: "asked", header: t("column.asked"), cell: (row) => f.dateTime(row.createdAt) },
    // Where nothing is to be decided, phones are spared an empty line in every card.
    ...(rows.some((row) => withdrawalActions(row).length > 0) ? [actions()] : []),
  ];
};

/** Withdrawals, with those that wait for an operator's decision. */
export const PaymentsOut = () => {
  const t = useText("payments");
  const [search, setSearch] = useSearchParams<{ status?: string }>();
  const [decision, setDecision] = createSignal<Decision | null>(null);
  const status = oneOf(search, "status", statuses);
  const withdrawals = useInfiniteQuery(
    api.payments.allWithdrawals.pageOptions(() => {
      const chosen = status();
      return { limit: 25, ...(chosen ? { status: chosen } : {}) };
    }),
  );
  const columns = useColumns(setDecision);

  return (
    <Card>
      <div class="mb-3 flex flex-wrap gap-3">
        <Select
          label={t("admin.show")}
          class="w-full sm:w-56"
          value={status() ?? "all"}
          options={(["all", ...statuses] as const).map((value) => ({
            value,
            label: t(`admin.show.${value}`),
          }))}
          onValue={(value) => setSearch({ status: value === "all" ? undefined : value })}
        />
      </div>
      <LoadedPages query={withdrawals}>
        {(rows) => (
          <Table
            caption={t("admin.out")}
            columns={columns(rows())}
            rows={rows()}
            marked={(row) => row.flag !== null || row.status === "requested"}
            empty={<EmptyState title={t("admin.none")}>{t("admin.noneOutBody")}</EmptyState>}
          />
        )}
      </LoadedPages>
      <Show when={decision()}>
        {(asked) => <DecideDialog decision={asked()} onClose={() => setDecision(null)} />}
      </Show>
    </Card>
  );
};
