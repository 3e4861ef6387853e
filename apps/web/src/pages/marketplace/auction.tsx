import { Button, Card, Notice, StatusDot, Table } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { createMemo, createSignal, Show } from "solid-js";
import { Failure, Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { save } from "../certificates/save.ts";
import { useMyBid } from "./my-bid.ts";
import type { Detail } from "./words.ts";

/** The lead as it was heard at a moment. */
export type LiveLead = { auction: NonNullable<Detail["auction"]>; at: string };

type Shown = { seq: number; bidder: string; leader: string; price: string; at: string };

/** The public side of an auction: its bids as they come, and the proof once it has closed. */
export default function Auction(props: {
  listing: Detail;
  live: "connecting" | "live" | "off";
  leads: LiveLead[];
}) {
  const t = useText("listing");
  const f = useFormat();
  const id = () => props.listing.id;
  const mine = useMyBid(id);
  const latest = useQuery(api.marketplace.bids.latest.queryOptions(() => ({ id: id() })));
  const closed = () => props.listing.auction?.status !== "live";

  const name = (mask: string) => (mask === mine()?.mask ? t("auction.you") : t("auction.bidder", { mask }));
  const money = (price: string) => f.money(price, props.listing.currency);

  /** What the page opened with, and what has come since: a state that passed between two messages is left out. */
  const shown = createMemo<Shown[]>(() => {
    const known = latest.isSuccess ? latest.data.items : [];
    const highest = known[0]?.seq ?? 0;
    const since = props.leads
      .filter(({ auction }) => auction.bidCount > highest)
      .map(({ auction, at }) => ({
        seq: auction.bidCount,
        bidder: "",
        leader: auction.leader ?? "",
        price: auction.currentBid ?? "",
        at,
      }));
    return [...since, ...known];
  });

  return (
    <Card
      title={t("auction.bids")}
      actions={
        <Show when={!closed()}>
          <StatusDot tone={props.live === "live" ? "positive" : "warning"} pulse={props.live === "live"}>
            {t(`auction.${props.live}`)}
          </StatusDot>
        </Show>
      }
    >
      <Loaded query={latest}>
        {() => (
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
                cell: (bid) => (
                  <span>
                    <Show
                      when={bid.bidder && bid.bidder !== bid.leader}
                      fallback={
                        <>
                          <strong class="font-medium">{name(bid.leader)}</strong> {t("auction.leading")}{" "}
                        </>
                      }
                    >
                      <strong class="font-medium">{name(bid.bidder)}</strong> {t("auction.raised")}{" "}
                    </Show>
                    <span class="font-semibold" data-figure>
                      {money(bid.price)}
                    </span>
                  </span>
                ),
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
