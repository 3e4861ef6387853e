import { Card, type Column, EmptyState, StatusDot, Table } from "@evx/ui";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type Dispute = Answer<typeof api.marketplace.disputes.list>["items"][number];

/** All disputes for the operator who decides them, the newest first. */
export default function Disputes() {
  const t = useText("disputes");
  const f = useFormat();
  const list = useInfiniteQuery(api.marketplace.disputes.list.pageOptions(() => ({})));
  const columns = (): Column<Dispute>[] => [
    {
      key: "dispute",
      header: t("column.dispute"),
      lead: true,
      cell: (row) => (
        <a href={`/disputes/${row.id}`} class="line-clamp-3 font-semibold hover:text-accent">
          {row.reason}
        </a>
      ),
    },
    {
      key: "stake",
      header: t("column.stake"),
      align: "end",
      cell: (row) => f.money(row.total, row.currency),
    },
    {
      key: "status",
      header: t("column.status"),
      cell: (row) => (
        <StatusDot tone={row.status === "open" ? "warning" : "neutral"}>
          {row.outcome ? t(`outcome.${row.outcome}`) : t(`status.${row.status}`)}
        </StatusDot>
      ),
    },
    {
      key: "opened",
      header: t("column.opened"),
      align: "end",
      cell: (row) => <span class="whitespace-nowrap text-muted">{f.relative(row.openedAt)}</span>,
    },
  ];
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Card>
        <LoadedPages query={list}>
          {(rows) => (
            <Table
              caption={t("title")}
              columns={columns()}
              rows={rows()}
              empty={<EmptyState title={t("empty")}>{t("emptyBody")}</EmptyState>}
            />
          )}
        </LoadedPages>
      </Card>
    </Page>
  );
}
