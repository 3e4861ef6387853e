import { newId } from "@evx/kernel";
import {
  Button,
  Card,
  Countdown,
  DescriptionList,
  LinkButton,
  Notice,
  NumberInput,
  StatusDot,
} from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createEffect, createSignal, Match, on, Show, Switch } from "solid-js";
import { FormFailure } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { serverNow } from "../../lib/time.ts";
import { totalText } from "./amounts.ts";
import { type Bidding, bidProblem, mostOf, namedBids } from "./bidding.ts";
import { Action } from "./buy.tsx";
import { BuyNow } from "./buy-now.tsx";
import { useMyBid } from "./my-bid.ts";
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
  const name = () => {
    const mask = props.auction.leader ?? "";
    return leads() ? t("auction.you") : t("auction.bidder", { mask });
  };

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
        <p class="text-muted">{t(props.auction.currentBid === null ? "auction.start" : "auction.current")}</p>
        <p class="text-3xl/10 font-semibold tracking-tight" data-figure>
          {money(price())}
        </p>
        <Show when={props.auction.leader && running()}>
          <p class="mt-0.5">{leads() ? t("auction.youLead") : t("auction.leads", { bidder: name() })}</p>
        </Show>
      </div>
      <Switch>
        <Match when={props.auction.status === "scheduled" ? props.auction.startsAt : null}>
          {(startsAt) => (
            <DescriptionList
              class="mt-3"
              items={[
                {
                  label: t("auction.starts"),
                  value: (
                    <span title={t("auction.startsAt", { time: f.dateTime(startsAt()) })}>
                      <Countdown class="font-semibold" until={startsAt()} onEnd={props.onEnd} />
                    </span>
                  ),
                },
                { label: t("auction.lot"), value: f.credits(props.listing.creditsAmount) },
              ]}
            />
          )}
        </Match>
        <Match when={open()}>
          <DescriptionList
            class="mt-3"
            items={[
              {
                label: t("auction.ends"),
                value: (
                  <span title={t("auction.endsAt", { time: f.dateTime(props.auction.auctionEndTime) })}>
                    <Countdown
                      class="font-semibold"
                      until={props.auction.auctionEndTime}
                      onEnd={() => {
                        setOver(isOver());
                        props.onEnd();
                      }}
                    />
                  </span>
                ),
              },
              { label: t("auction.lot"), value: f.credits(props.listing.creditsAmount) },
              {
                label: t("auction.lotPrice"),
                value: money(totalText(props.listing.creditsAmount, price(), props.listing.currency)),
              },
            ]}
          />
          <p class="mt-1">
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
