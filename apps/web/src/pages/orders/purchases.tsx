import { Card, type Column, Countdown, EmptyState, LinkButton, Segmented, StatusDot, Table } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { useFormat } from "../../lib/format.ts";
import { type Order, orderTones } from "./words.ts";

const filters = ["all", "pending_payment", "completed"] as const;

/** A buyer's orders, newest first. */
export default function Purchases() {
  const t = useText("orders");
  const f = useFormat();
  const [search, setSearch] = useSearchParams<{ status?: string }>();
  const askedStatus = oneOf(search, "status", filters);
  const filter = () => askedStatus() ?? "all";
  const orders = useInfiniteQuery(
    api.marketplace.orders.mine.pageOptions(() => {
      const status = filter();
      return status === "all" ? {} : { status };
    }),
  );
  const columns = (): Column<Order>[] => [
    {
      key: "order",
      header: t("column.order"),
      lead: true,
      cell: (order) => (
        <a class="group block after:absolute after:inset-0" href={`/buyer/orders/${order.id}`}>
          <span class="block font-medium group-hover:text-accent">{f.dateTime(order.createdAt)}</span>
          <span class="block text-xs text-muted">
            {order.kind === "sweep"
              ? t("kind.sweep", { lots: order.lines.length })
              : `${t(`kind.${order.kind}`)}, ${f.country(order.country)} ${order.vintage}`}
          </span>
        </a>
      ),
    },
    {
      key: "credits",
      header: t("column.credits"),
      align: "end",
      narrow: "third",
      cell: (order) => <span data-figure>{f.creditsFigure(order.creditsAmount)}</span>,
    },
    {
      key: "total",
      header: t("column.total"),
      align: "end",
      narrow: "third",
      cell: (order) => (
        <span class="font-medium" data-figure>
          {f.money(order.totalPrice, order.currency)}
        </span>
      ),
    },
    {
      key: "status",
      header: t("column.status"),
      narrow: "third",
      cell: (order) => (
        <div class="flex flex-wrap items-center gap-x-2 gap-y-1">
          <StatusDot tone={orderTones[order.status]}>{t(`status.${order.status}`)}</StatusDot>
          <Show when={order.status === "pending_payment"}>
            <Countdown class="text-xs text-muted" until={order.expiresAt} />
          </Show>
        </div>
      ),
    },
  ];
  return (
    <Page
      title={t("list.title")}
      lead={t("list.lead")}
      actions={<LinkButton href="/marketplace">{t("list.market")}</LinkButton>}
    >
      <Card>
        <div class="mb-3 overflow-x-auto">
          <Segmented
            label={t("list.filter")}
            value={filter()}
            options={filters.map((value) => ({ value, label: t(`filter.${value}`) }))}
            onValue={(value) => setSearch({ status: value === "all" ? "" : value })}
          />
        </div>
        <LoadedPages query={orders}>
          {(rows) => (
            <Table
              class="[&_tbody_tr]:relative [&_tbody_tr]:hover:bg-sunken/60"
              caption={t("list.title")}
              columns={columns()}
              rows={rows()}
              empty={
                <Show when={filter() === "all"} fallback={<EmptyState title={t("list.noneOf")} />}>
                  <EmptyState
                    title={t("list.empty")}
                    action={<LinkButton href="/marketplace">{t("list.market")}</LinkButton>}
                  >
                    {t("list.emptyBody")}
                  </EmptyState>
                </Show>
              }
            />
          )}
        </LoadedPages>
      </Card>
    </Page>
  );
}
