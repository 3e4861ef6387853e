import {
  Button,
  Card,
  type Column,
  ConfirmDialog,
  Countdown,
  EmptyState,
  LinkButton,
  Segmented,
  StatusDot,
  Table,
  type Tone,
} from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import ForOwner from "../wanted/for-owner.tsx";
import { againPath, canCancel, canReprice, standing } from "./listing-state.ts";
import { PriceDialog } from "./price-dialog.tsx";
import { Sales } from "./sales.tsx";

type Row = Answer<typeof api.marketplace.listings.mine>["items"][number];

const statuses = ["active", "sold", "cancelled", "expired"] as const;
const tones: Record<Row["status"], Tone> = {
  active: "positive",
  sold: "info",
  cancelled: "neutral",
  expired: "neutral",
};

const useColumns = (onLeave: (row: Row) => void, onPrice: (row: Row) => void) => {
  const t = useText("selling");
  const f = useFormat();
  return (): Column<Row>[] => [
    {
      key: "listing",
      header: t("column.listing"),
      lead: true,
      cell: (row) => (
        <a class="group block min-w-0" href={`/marketplace/${row.id}`}>
          <span class="block font-medium group-hover:text-accent" data-figure>
            {f.credits(row.creditsAmount)}
          </span>
          <span class="block text-xs text-muted">
            {t(row.listingType === "auction" ? "row.auction" : "row.fixed")}, {f.country(row.country)}{" "}
            {row.vintage}
          </span>
          <span class="block text-xs text-muted">
            {row.startsAt
              ? t("row.starts", { when: f.dateTime(row.startsAt) })
              : t("row.listed", { date: f.date(row.createdAt) })}
          </span>
        </a>
      ),
    },
    {
      key: "price",
      header: t("column.price"),
      align: "end",
      narrow: "third",
      cell: (row) => (
        <div>
          <span class="block" data-figure>
            {f.money(row.currentBid ?? row.pricePerCredit, row.currency)}
          </span>
          <Show when={row.listingType === "auction"}>
            <span class="block text-xs text-muted">{t.n("row.bids", row.bidCount)}</span>
          </Show>
          <Show when={row.reservePrice}>
            {(price) => (
              <span class="block text-xs text-muted" data-figure>
                {t("row.reserve", { price: f.money(price(), row.currency) })}
              </span>
            )}
          </Show>
        </div>
      ),
    },
    {
      key: "left",
      header: t("column.left"),
      align: "end",
      narrow: "third",
      cell: (row) => (
        <div>
          <span class="block" data-figure>
            {f.creditsFigure(row.creditsRemaining)}
          </span>
          <Show when={gramsOf(row.reserved) > 0n}>
            <span class="block text-xs text-muted" data-figure>
              {t("row.reserved", { amount: f.number(row.reserved) })}
            </span>
          </Show>
        </div>
      ),
    },
    {
      key: "sold",
      header: t("column.sold"),
      align: "end",
      narrow: "third",
      cell: (row) => <span data-figure>{f.creditsFigure(row.sold)}</span>,
    },
    {
      key: "status",
      header: t("column.status"),
      cell: (row) => (
        <div class="flex flex-wrap items-center gap-x-2 gap-y-1 cards:justify-end">
          <StatusDot tone={tones[row.status]}>{t(`status.${standing(row)}`)}</StatusDot>
          <Show when={row.auction?.status === "live" ? row.auction : null}>
            {(auction) => (
              <span class="text-xs whitespace-nowrap text-muted" data-figure>
                {t("row.ends")} <Countdown until={auction().auctionEndTime} />
              </span>
            )}
          </Show>
        </div>
      ),
    },
    {
      key: "actions",
      header: t("column.actions"),
      hideHeader: true,
      align: "end",
      cell: (row) => (
        <div class="flex flex-wrap justify-end gap-2">
          <Show when={canReprice(row)}>
            <Button size="sm" variant="secondary" onClick={() => onPrice(row)}>
              {t("price.action")}
            </Button>
          </Show>
          <Show when={canCancel(row)}>
            <Button size="sm" variant="secondary" onClick={() => onLeave(row)}>
              {t("cancel.action")}
            </Button>
          </Show>
          <Show when={row.status === "cancelled" || row.status === "expired"}>
            <LinkButton size="sm" variant="secondary" href={againPath(row)}>
              {t("again.action")}
            </LinkButton>
          </Show>
        </div>
      ),
    },
  ];
};

/** What an owner has on sale and has sold. */
export default function MyListings() {
  const t = useText("selling");
  const f = useFormat();
  const client = useQueryClient();
  const [search, setSearch] = useSearchParams<{ status?: string }>();
  const status = oneOf(search, "status", statuses);
  const listings = useInfiniteQuery(
    api.marketplace.listings.mine.pageOptions(() => (status() ? { status: status() } : {})),
  );
  const [leaving, setLeaving] = createSignal<Row | null>(null);
  const [failure, setFailure] = createSignal<unknown>(null);

  const cancel = async (row: Row) => {
    setFailure(null);
    try {
      await api.marketplace.listings.cancel.call({ id: row.id });
    } catch (error) {
      setFailure(error);
      throw error;
    }
    await client.invalidateQueries({ queryKey: api.marketplace.listings.mine.key() });
    void client.invalidateQueries({ queryKey: api.credits.wallet.key() });
    void notify.success(t("cancel.done"));
  };
  const [pricing, setPricing] = createSignal<Row | null>(null);
  const priced = () => {
    setPricing(null);
    void client.invalidateQueries({ queryKey: api.marketplace.listings.mine.key() });
    void notify.success(t("price.done"));
  };
  const columns = useColumns(setLeaving, setPricing);

  return (
    <Page
      title={t("mine.title")}
      lead={t("mine.lead")}
      actions={<LinkButton href="/owner/listings/new">{t("mine.new")}</LinkButton>}
    >
      <div class="grid gap-6">
        <Card>
          <div class="mb-3 overflow-x-auto">
            <Segmented
              label={t("mine.filter")}
              value={status() ?? "all"}
              options={(["all", ...statuses] as const).map((value) => ({
                value,
                label: t(`filter.${value}`),
              }))}
              onValue={(value) => setSearch({ status: value === "all" ? "" : value })}
            />
          </div>
          <LoadedPages query={listings}>
            {(rows) => (
              <Table
                caption={t("mine.title")}
                columns={columns()}
                rows={rows()}
                empty={
                  <Show
                    when={status()}
                    fallback={
                      <EmptyState
                        title={t("mine.empty")}
                        action={<LinkButton href="/owner/listings/new">{t("mine.new")}</LinkButton>}
                      >
                        {t("mine.emptyBody")}
                      </EmptyState>
                    }
                  >
                    {(name) => (
                      <EmptyState
                        title={t("mine.noneOf", {
                          status: t(`filter.${name()}`).toLocaleLowerCase(f.locale()),
                        })}
                      />
                    )}
                  </Show>
                }
              />
            )}
          </LoadedPages>
        </Card>
        <ForOwner />
        <Sales />
      </div>
      <Show when={pricing()}>
        {(row) => <PriceDialog row={row()} onClose={() => setPricing(null)} onDone={priced} />}
      </Show>
      <Show when={leaving()}>
        {(row) => (
          <ConfirmDialog
            open
            onOpen={(open) => !open && setLeaving(null)}
            title={t("cancel.title")}
            confirm={t("cancel.confirm")}
            cancel={t("cancel.keep")}
            danger
            onConfirm={() => cancel(row())}
          >
            {t("cancel.body", { amount: f.credits(row().creditsRemaining) })}
            <Show when={failure()}>{(error) => <Failure error={error()} />}</Show>
          </ConfirmDialog>
        )}
      </Show>
    </Page>
  );
}
