import { Card, type Column, Countdown, EmptyState, LinkButton, StatusDot, Table } from "@evx/ui";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { bidTones, type MyBid } from "./words.ts";

/** The auctions in which a buyer has bid, with where each stands. */
export default function MyBids() {
  const t = useText("orders");
  const f = useFormat();
  const bids = useInfiniteQuery(api.marketplace.bids.mine.pageOptions(() => ({})));
  const columns = (): Column<MyBid>[] => [
    {
      key: "auction",
      header: t("bids.column.auction"),
      lead: true,
      cell: (bid) => (
        <a class="group block" href={`/marketplace/${bid.listingId}`}>
          <span class="block font-medium group-hover:text-accent" data-figure>
            {t("bids.lot", { credits: f.credits(bid.creditsAmount) })}
          </span>
          <span class="block text-xs text-muted" data-figure>
            <Show
              when={bid.auctionStatus === "live"}
              fallback={t("bids.ended", { date: f.dateTime(bid.auctionEndTime) })}
            >
              {t("bids.ends")} <Countdown until={bid.auctionEndTime} onEnd={() => void bids.refetch()} />
            </Show>
          </span>
        </a>
      ),
    },
    {
      key: "maximum",
      header: t("bids.column.maximum"),
      align: "end",
      cell: (bid) => <span data-figure>{f.money(bid.maximum, bid.currency)}</span>,
    },
    {
      key: "current",
      header: t("bids.column.current"),
      align: "end",
      cell: (bid) => (
        <span class="font-medium" data-figure>
          {f.money(bid.currentBid, bid.currency)}
        </span>
      ),
    },
    {
      key: "status",
      header: t("bids.column.status"),
      cell: (bid) => (
        <div class="flex flex-wrap items-center gap-2 cards:justify-end">
          <StatusDot tone={bidTones[bid.status]}>{t(`bid.${bid.status}`)}</StatusDot>
          <Show when={bid.orderId}>
            {(orderId) => (
              <LinkButton size="sm" variant="secondary" href={`/buyer/orders/${orderId()}`}>
                {t("bids.pay")}
              </LinkButton>
            )}
          </Show>
        </div>
      ),
    },
  ];
  return (
    <Page
      title={t("bids.title")}
      lead={t("bids.lead")}
      actions={<LinkButton href="/marketplace?type=auction">{t("bids.find")}</LinkButton>}
    >
      <Card>
        <LoadedPages query={bids}>
          {(rows) => (
            <Table
              caption={t("bids.title")}
              columns={columns()}
              rows={rows()}
              empty={
                <EmptyState
                  title={t("bids.empty")}
                  action={<LinkButton href="/marketplace?type=auction">{t("bids.find")}</LinkButton>}
                >
                  {t("bids.emptyBody")}
                </EmptyState>
              }
            />
          )}
        </LoadedPages>
      </Card>
    </Page>
  );
}
