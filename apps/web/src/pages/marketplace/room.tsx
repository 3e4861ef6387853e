import { Card, Countdown } from "@evx/ui";
import { Match, Show, Switch } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";
import { totalText } from "./amounts.ts";
import type { AuctionState, Detail } from "./words.ts";

/** An auction's clock and price, as large as the moment deserves. What a reader can do stands beside it. */
export default function Room(props: { listing: Detail; auction: AuctionState }) {
  const t = useText("listing");
  const f = useFormat();
  const money = (text: string) => f.money(text, props.listing.currency);
  const price = () => props.auction.currentBid ?? props.listing.pricePerCredit;
  return (
    <Card class="lg:col-span-2">
      <div class="grid gap-x-10 gap-y-5 sm:grid-cols-2">
        <Switch>
          <Match when={props.auction.status === "scheduled" ? props.auction.startsAt : null}>
            {(startsAt) => (
              <div>
                <p class="text-muted">{t("auction.startsAt", { time: f.dateTime(startsAt()) })}</p>
                <Countdown class="figure clock" until={startsAt()} />
              </div>
            )}
          </Match>
          <Match when={props.auction.status === "live"}>
            <div>
              <p class="text-muted">
                {t("auction.unless", { time: f.dateTime(props.auction.auctionEndTime) })}
              </p>
              <Countdown class="figure clock text-warning" until={props.auction.auctionEndTime} />
            </div>
          </Match>
          <Match when={true}>
            <div>
              <p class="text-muted">{t("auction.endedAt")}</p>
              <p class="figure text-[2.125rem]" data-figure>
                {f.dateTime(props.auction.auctionEndTime)}
              </p>
            </div>
          </Match>
        </Switch>
        <div>
          <p class="text-muted">
            {t(props.auction.currentBid === null ? "auction.start" : "auction.current")}
          </p>
          <p class="figure clock" data-figure>
            {money(price())}
          </p>
          <p class="mt-1" data-figure>
            {t("auction.forLot", {
              total: money(totalText(props.listing.creditsAmount, price(), props.listing.currency)),
              credits: f.credits(props.listing.creditsAmount),
            })}
            <Show when={props.auction.bidCount > 0}>
              <span class="text-muted"> {t.n("auction.bidCount", props.auction.bidCount)}</span>
            </Show>
          </p>
        </div>
      </div>
    </Card>
  );
}
