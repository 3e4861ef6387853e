import {
  Button,
  Card,
  type Column,
  EmptyState,
  LinkButton,
  Skeleton,
  Stat,
  Stats,
  StatusDot,
  Table,
} from "@evx/ui";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Loaded, LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { api, skipToken } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { PayoutPlan } from "./plan.tsx";
import { useFailure, type Withdrawal, withdrawalTones } from "./words.ts";

const WithdrawDialog = part(() => import("./withdraw.tsx"));

const isNothing = (amount: string) => /^[0.]*$/.test(amount);

/** What an owner can withdraw, and where each withdrawal is. */
export default function Earnings() {
  const t = useText("payments");
  const m = useText("money");
  const f = useFormat();
  const failure = useFailure();
  const session = useSession();
  const client = useQueryClient();
  const [asking, setAsking] = createSignal(false);

  const options = api.payments.balance.queryOptions(() => {
    const userId = session.user()?.id;
    return userId ? { userId } : skipToken;
  });
  const balance = useQuery(options);
  const withdrawals = useInfiniteQuery(api.payments.withdrawals.pageOptions(() => ({ limit: 20 })));
  api.payments.watchBalance.subscribe(() => undefined, {
    onData: (now) => {
      client.setQueryData(options().queryKey, now);
      void client.invalidateQueries({ queryKey: api.payments.withdrawals.key() });
    },
  });

  // A buyer earns nothing: what they have is what came back to them.
  const buys = () => session.user()?.role === "buyer";

  const columns = (): Column<Withdrawal>[] => [
    {
      key: "amount",
      header: t("column.amount"),
      lead: true,
      cell: (row) => f.money(row.amount, row.currency),
    },
    {
      key: "bank",
      header: t("column.bank"),
      cell: (row) => <span data-figure>{row.bankAccountMasked}</span>,
    },
    { key: "asked", header: t("column.asked"), cell: (row) => f.dateTime(row.createdAt) },
    {
      key: "status",
      header: t("column.status"),
      cell: (row) => (
        <div>
          <StatusDot tone={withdrawalTones[row.status]} pulse={row.status === "approved"}>
            {t(`withdrawal.${row.status}`)}
          </StatusDot>
          <Show when={row.failure}>{(reason) => <p class="text-xs text-muted">{failure(reason())}</p>}</Show>
        </div>
      ),
    },
  ];

  return (
    <Page
      title={t(buys() ? "balance.title" : "earn.title")}
      lead={t(buys() ? "balance.lead" : "earn.lead")}
      actions={
        <>
          <Show when={!buys()}>
            <LinkButton variant="secondary" href="/owner/statements">
              {m("statements.see")}
            </LinkButton>
          </Show>
          <Button
            disabled={balance.isPending || isNothing(balance.data?.available ?? "")}
            onClick={() => setAsking(true)}
          >
            {t("earn.withdraw")}
          </Button>
        </>
      }
    >
      <Loaded query={balance} skeleton={<Room />}>
        {(now) => (
          <>
            <Stats class="mb-6">
              <Stat label={t("earn.available")} value={f.money(now().available, now().currency)} />
              <Show when={now().holdingDays > 0 || !isNothing(now().pending)}>
                <Stat
                  label={t("earn.pending")}
                  value={f.money(now().pending, now().currency)}
                  note={now().holdingDays > 0 ? t.n("earn.pendingNote", now().holdingDays) : undefined}
                />
              </Show>
              <Show when={!isNothing(now().setAside)}>
                <Stat label={t("earn.setAside")} value={f.money(now().setAside, now().currency)} />
              </Show>
              <Show when={!isNothing(now().withdrawing)}>
                <Stat label={t("earn.withdrawing")} value={f.money(now().withdrawing, now().currency)} />
              </Show>
            </Stats>
            <PayoutPlan currency={now().currency} ways={now().ways} />
            <Show when={asking()}>
              <WithdrawDialog balance={now()} open={asking()} onOpen={setAsking} />
            </Show>
          </>
        )}
      </Loaded>
      <Card title={t("earn.history")}>
        <LoadedPages query={withdrawals}>
          {(rows) => (
            <Table
              caption={t("earn.history")}
              columns={columns()}
              rows={rows()}
              empty={
                <EmptyState
                  title={t("earn.historyEmpty")}
                  action={
                    <LinkButton variant="secondary" href={buys() ? "/buyer/wanted" : "/owner/listings"}>
                      {t(buys() ? "balance.use" : "earn.sell")}
                    </LinkButton>
                  }
                >
                  {balance.isPending || !isNothing(balance.data?.available ?? "")
                    ? t("earn.historyEmptyBody")
                    : t(buys() ? "balance.noneBody" : "earn.noneBody")}
                </EmptyState>
              }
            />
          )}
        </LoadedPages>
      </Card>
    </Page>
  );
}

/** As high as a balance and the plan for it, so that nothing below moves when they come. */
const Room = () => (
  <div class="min-h-[22rem] sm:min-h-64">
    <Skeleton lines={4} />
  </div>
);
