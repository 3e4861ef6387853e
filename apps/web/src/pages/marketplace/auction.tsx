import { Button, Card, Notice, StatusDot, Table } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { createEffect, createMemo, createSignal, on, onCleanup, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { save } from "../certificates/save.ts";
import { type BidLine, bidLines, deedOf, type LiveLead } from "./bid-lines.ts";
import { useBidders } from "./bidders.ts";
import { useMyBid } from "./my-bid.ts";
import PriceSteps from "./price-steps.tsx";
import type { Detail } from "./words.ts";

/** Live news says where the auction stands; who bid what is asked for after this pause, once for many bids. */
const ASK_AFTER_MS = 1_500;

/** The public side of an auction: its bids as they come, and the proof once it has closed. */
export default function Auction(props: {
  listing: Detail;
  live: "connecting" | "live" | "off";
  /** How many have this page open, the reader among them; null where it is not known. */
  people: number | null;
  leads: LiveLead[];
}) {
  const t = useText("listing");
  const f = useFormat();
  const id = () => props.listing.id;
  const mine = useMyBid(id);
  const latest = useQuery(api.marketplace.bids.latest.queryOptions(() => ({ id: id() })));
  const closed = () => /^(closed|cancelled)/.test(props.listing.auction?.status ?? "");

  const name = useBidders(id, () => props.leads[0]?.auction.leader ?? props.listing.auction?.leader);
  const money = (price: string) => f.money(price, props.listing.currency);

  let asking: ReturnType<typeof setTimeout> | undefined;
  createEffect(
    on(
      () => props.leads.length,
      (heard) => {
        if (heard === 0 || asking !== undefined) return;
        asking = setTimeout(() => {
          asking = undefined;
          void latest.refetch();
        }, ASK_AFTER_MS);
      },
      { defer: true },
    ),
  );
  onCleanup(() => clearTimeout(asking));

  const shown = createMemo(() => bidLines(latest.isSuccess ? latest.data.items : [], props.leads[0]));

  /** What a bid did, in words: who did not come to lead is named with what they bid. */
  const words = (bid: BidLine): string => {
    const said = { leader: name(bid.leader), price: money(bid.price) };
    const deed = deedOf(bid);
    if (deed === "lost" && bid.bid !== null)
      return t("auction.lost", { bidder: name(bid.bidder), bid: money(bid.bid), ...said });
    return t(deed === "tookLead" ? "auction.tookLead" : "auction.leadsAt", said);
  };

  return (
    <Card
      title={t("auction.bids")}
      actions={
        <Show when={!closed()}>
          <StatusDot tone={props.live === "live" ? "positive" : "warning"} pulse={props.live === "live"}>
            <Show when={props.live === "live" && props.people} fallback={t(`auction.${props.live}`)}>
              {(people) => <>{t.n("auction.room", people())}</>}
            </Show>
          </StatusDot>
        </Show>
      }
    >
      <Loaded query={latest}>
        {() => (
          <>
            <PriceSteps bids={shown()} currency={props.listing.currency} />
            <Table
              caption={t("auction.bids")}
              rows={shown()}
              marked={(bid) => bid.leader === mine()?.mask}
              columns={[
                {
                  key: "bid",
                  header: t("auction.bids"),
                  hideHeader: true,
                  lead: true,
                  cell: (bid) => <span data-figure>{words(bid)}</span>,
                },
                {
                  key: "at",
                  header: t("origin.issued"),
                  hideHeader: true,
                  align: "end",
                  cell: (bid) => (
                    <time datetime={bid.at} class="text-xs text-muted" data-figure>
                      {f.time(bid.at)}
                    </time>
                  ),
                },
              ]}
              empty={
                <p class="py-6 text-center text-muted">
                  {t("auction.noBids", { price: money(props.listing.pricePerCredit) })}
                </p>
              }
            />
          </>
        )}
      </Loaded>
      <p class="mt-4 text-xs text-muted">{t("auction.log")}</p>
      <Show when={closed() && (props.listing.auction?.bidCount ?? 0) > 0}>
        <Proof listing={props.listing} name={name} />
      </Show>
    </Card>
  );
}

/** Lets anyone replay a closed auction and take its log along. */
const Proof = (props: { listing: Detail; name: (mask: string) => string }) => {
  const t = useText("listing");
  const [asked, setAsked] = createSignal(false);
  const [saving, setSaving] = createSignal(false);
  const [failure, setFailure] = createSignal<unknown>(null);
  const proof = useQuery(
    api.marketplace.bids.prove
      .with(() => ({ enabled: asked() }))
      .queryOptions(() => ({ id: props.listing.id })),
  );

  const download = async () => {
    setSaving(true);
    setFailure(null);
    try {
      const bids: unknown[] = [];
      let cursor: string | undefined;
      let head: object = {};
      do {
        const page = await api.marketplace.bids.log.fetch({
          id: props.listing.id,
          limit: 100,
          ...(cursor ? { cursor } : {}),
        });
        const { items, nextCursor, ...rest } = page;
        bids.push(...items);
        head = rest;
        cursor = nextCursor ?? undefined;
      } while (cursor);
      save(
        `${props.listing.id}-bids.json`,
        JSON.stringify({ ...head, items: bids }, null, 2),
        "application/json",
      );
    } catch (error) {
      setFailure(error);
    } finally {
      setSaving(false);
    }
  };

  return (
    <div class="mt-4 grid gap-4">
      <div class="flex flex-wrap gap-2">
        <Button
          size="sm"
          variant="secondary"
          busy={asked() && proof.isFetching}
          onClick={() => setAsked(true)}
        >
          {t("auction.prove")}
        </Button>
        <Button size="sm" variant="secondary" busy={saving()} onClick={() => void download()}>
          {t("auction.download")}
        </Button>
      </div>
      <Show when={failure()}>{(error) => <Failure error={error()} retry={() => void download()} />}</Show>
      <Show when={asked() && !proof.isPending}>
        <Loaded query={proof}>
          {(found) => (
            <Show
              when={found().valid}
              fallback={
                <Notice tone="negative">{t("proof.invalid", { what: found().violations.join("; ") })}</Notice>
              }
            >
              <Notice tone="positive">
                {t(found().sold ? "proof.valid" : "proof.validUnsold", { count: found().bidCount })}
              </Notice>
            </Show>
          )}
        </Loaded>
      </Show>
    </div>
  );
};
