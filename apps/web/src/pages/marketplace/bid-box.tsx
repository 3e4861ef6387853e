import { newId } from "@evx/kernel";
import { Button, Card, LinkButton, Notice, NumberInput, StatusDot } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createEffect, createSignal, Match, on, Show, Switch } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { serverNow } from "../../lib/time.ts";
import { useBidders } from "./bidders.ts";
import { type Bidding, bidProblem, mostOf, namedBids } from "./bidding.ts";
import { Action } from "./buy.tsx";
import { BuyNow } from "./buy-now.tsx";
import { Ladder } from "./ladder.tsx";
import { useMyBid } from "./my-bid.ts";
import { whenReached } from "./when-reached.ts";
import type { AuctionState, Detail } from "./words.ts";

type Said = { leads: boolean; price: string };

const useBidForm = (listing: () => Detail, bidding: () => Bidding, onSaid: (said: Said) => void) => {
  const t = useText("listing");
  const f = useFormat();
  const client = useQueryClient();
  const idOf = namedBids(() => newId("bid"));
  /** The amount that the reader was told the sum of: a bid binds, so the same amount is asked for once more. */
  const [told, setTold] = createSignal<string | null>(null);
  const form = createForm({
    initial: { bidAmount: "" },
    check: ({ bidAmount }) => {
      const problem = bidProblem(bidAmount, bidding());
      if (problem === "unreadable") return { bidAmount: t("bid.check") };
      const minimum = f.money(bidding().minimum, bidding().currency);
      return { bidAmount: problem === "low" && t("bid.tooLow", { minimum }) };
    },
    submit: async ({ bidAmount }) => {
      if (told() !== bidAmount) {
        setTold(bidAmount);
        return false;
      }
      setTold(null);
      const placed = await api.marketplace.bids.place.call({
        id: idOf(bidAmount),
        listingId: listing().id,
        bidAmount,
      });
      onSaid({ leads: placed.bid.status === "leading", price: placed.listing.currentBid });
      form.reset();
      return client.invalidateQueries({ queryKey: api.marketplace.bids.on.key() });
    },
  });
  return { form, sure: () => told() !== null && told() === form.values.bidAmount };
};

/** How an auction stands, and the reader's part in it. */
export default function BidBox(props: {
  listing: Detail;
  auction: AuctionState;
  own: boolean;
  onEnd: () => void;
}) {
  const t = useText("listing");
  const f = useFormat();
  const client = useQueryClient();
  const terms = useQuery(api.marketplace.listings.terms.with({ staleTime: 60_000 }).queryOptions());
  const mine = useMyBid(() => props.listing.id);
  const isOver = () => new Date(props.auction.auctionEndTime).getTime() <= serverNow();
  const [over, setOver] = createSignal(isOver());
  // A bid may have moved the end; the close brings the winner an order.
  createEffect(
    on(
      () => props.auction.auctionEndTime,
      () => setOver(isOver()),
      { defer: true },
    ),
  );
  const next = () => {
    if (props.auction.status === "scheduled") return props.auction.startsAt;
    return props.auction.status === "live" ? props.auction.auctionEndTime : null;
  };
  whenReached(next, () => {
    setOver(isOver());
    props.onEnd();
  });
  createEffect(
    on(
      () => props.auction.status,
      () => void client.invalidateQueries({ queryKey: api.marketplace.bids.on.key() }),
      { defer: true },
    ),
  );
  const [said, setSaid] = createSignal<Said | null>(null);

  const money = (text: string) => f.money(text, props.listing.currency);
  const running = () => props.auction.status === "live";
  const open = () => running() && !over();
  const leads = () => !!mine() && props.auction.leader === mine()?.mask;
  const price = () => props.auction.currentBid ?? props.listing.pricePerCredit;
  const named = useBidders(
    () => props.listing.id,
    () => props.auction.leader,
  );
  const name = () => named(props.auction.leader ?? "");

  const bidding = (): Bidding => ({
    currency: props.listing.currency,
    minimum: props.auction.minimumBid,
    creditsAmount: props.listing.creditsAmount,
    leads: leads(),
  });
  const { form, sure } = useBidForm(() => props.listing, bidding, setSaid);
  const most = () => {
    const total = mostOf(form.values.bidAmount, bidding());
    return total === null ? "" : money(total);
  };

  return (
    <Card>
      <div aria-live="polite">
        <p class="sr-only">{money(price())}</p>
        <Show when={props.auction.leader && running()}>
          <p class="text-lg font-semibold wrap-anywhere">
            {leads() ? t("auction.youLead") : t("auction.leads", { bidder: name() })}
          </p>
        </Show>
      </div>
      <Switch>
        <Match when={props.auction.status === "scheduled"}>
          <p class="text-muted">{t("auction.scheduled")}</p>
        </Match>
        <Match when={open()}>
          <p class="mt-2">
            <StatusDot tone={props.auction.reserveMet === false ? "neutral" : "positive"}>
              {t(
                props.auction.reserveMet === null
                  ? "auction.reserve.none"
                  : props.auction.reserveMet
                    ? "auction.reserve.met"
                    : "auction.reserve.open",
              )}
            </StatusDot>
          </p>
        </Match>
        <Match when={running()}>
          <Notice class="mt-4">{t("auction.closing")}</Notice>
        </Match>
        <Match when={props.auction.status === "closed_sold"}>
          <Notice class="mt-4" tone="positive">
            {t("auction.closed_sold", { bidder: name(), price: money(price()) })}
          </Notice>
        </Match>
        <Match when={props.auction.status === "closed_unsold"}>
          <p class="mt-3 text-muted">{t("auction.closed_unsold")}</p>
        </Match>
        <Match when={props.auction.status === "cancelled"}>
          <p class="mt-3 text-muted">{t("auction.cancelled")}</p>
        </Match>
      </Switch>

      <Show when={mine()?.orderId}>
        {(orderId) => (
          <Notice
            tone="positive"
            class="mt-4"
            actions={<LinkButton href={`/buyer/orders/${orderId()}`}>{t("bid.wonAction")}</LinkButton>}
          >
            {t("bid.won")}
          </Notice>
        )}
      </Show>

      <Show when={open() && !props.own}>
        <div class="mt-4 grid gap-4" aria-live="polite">
          <Show
            when={mine()}
            fallback={
              <Show when={said()}>
                {(answer) => (
                  <Notice tone="positive">{t("bid.placed", { price: money(answer().price) })}</Notice>
                )}
              </Show>
            }
          >
            <Show
              when={leads()}
              fallback={
                <Notice tone="warning">
                  {t(said() && !said()?.leads ? "bid.outbidAtOnce" : "bid.outbid", { price: money(price()) })}
                </Notice>
              }
            >
              <Notice tone="positive">{t("bid.leading", { price: money(price()) })}</Notice>
            </Show>
          </Show>
        </div>
        <form novalidate class="mt-4 grid gap-3" onSubmit={form.onSubmit}>
          <NumberInput
            label={t("bid.label")}
            unit={props.listing.currency}
            hint={
              leads()
                ? t("bid.raiseHint", { maximum: money(mine()?.maximum ?? "") })
                : t("bid.hint", { minimum: money(props.auction.minimumBid) })
            }
            {...form.text("bidAmount")}
          />
          <Show when={most()}>
            {(total) => (
              <p class="text-xs text-muted" data-figure>
                {t("bid.most", { total: total() })}
              </p>
            )}
          </Show>
          <Show when={!leads()}>
            <Ladder
              listing={props.listing}
              auction={props.auction}
              leader={props.auction.leader ? name() : null}
              maximum={mine()?.maximum}
              chosen={form.values.bidAmount}
              onChoose={(rung) => form.set("bidAmount", rung)}
            />
          </Show>
          <FormFailure form={form} />
          <Show when={props.auction.deposit}>
            {(deposit) => (
              <p class="text-xs text-muted">
                {t(mine() ? "bid.depositHeld" : "bid.deposit", { deposit: money(deposit()) })}
              </p>
            )}
          </Show>
          <Action asks="bid">
            <Button type="submit" size="lg" wide busy={form.busy()}>
              {sure() ? t("bid.sure", { total: most() }) : t(leads() ? "bid.raise" : "bid.action")}
            </Button>
            <p class="min-h-8 text-xs text-muted">
              {terms.isSuccess ? t("bid.binding", { hours: terms.data.winnerWindowHours }) : ""}
            </p>
          </Action>
        </form>
        <p class="mt-3 text-xs text-muted">{t("auction.extends")}</p>
        <Show when={props.auction.buyNowPrice}>
          {(price) => <BuyNow listing={props.listing} price={price()} />}
        </Show>
      </Show>
    </Card>
  );
}
