import { Card, type Column, EmptyState, StatusDot, Table } from "@evx/ui";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { LoadedPages } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { orderTones } from "../orders/words.ts";

type Row = Answer<typeof api.marketplace.orders.mine>["items"][number];

/** Orders of this seller's credits, with what each leaves after fees. */
export const Sales = () => {
  const t = useText("selling");
  const f = useFormat();
  const sales = useInfiniteQuery(api.marketplace.orders.mine.pageOptions(() => ({ limit: 20 })));
  const columns = (): Column<Row>[] => [
    { key: "date", header: t("sales.date"), lead: true, cell: (row) => f.dateTime(row.createdAt) },
    {
      key: "credits",
      header: t("sales.credits"),
      align: "end",
      narrow: "third",
      cell: (row) => <span data-figure>{f.creditsFigure(row.creditsAmount)}</span>,
    },
    {
      key: "total",
      header: t("sales.total"),
      align: "end",
      narrow: "third",
      cell: (row) => <span data-figure>{f.money(row.totalPrice, row.currency)}</span>,
    },
    {
      key: "net",
      header: t("sales.net"),
      align: "end",
      narrow: "third",
      cell: (row) => (
        <span class="font-medium" data-figure>
          {f.money(row.netToSeller, row.currency)}
        </span>
      ),
    },
    {
      key: "status",
      header: t("sales.status"),
      cell: (row) => <StatusDot tone={orderTones[row.status]}>{t(`order.${row.status}`)}</StatusDot>,
    },
  ];
  return (
    <Card title={t("sales.title")}>
      <LoadedPages query={sales}>
        {(rows) => (
          <Table
            caption={t("sales.title")}
            columns={columns()}
            rows={rows()}
            empty={<EmptyState title={t("sales.empty")}>{t("sales.emptyBody")}</EmptyState>}
          />
        )}
      </LoadedPages>
    </Card>
  );
};
