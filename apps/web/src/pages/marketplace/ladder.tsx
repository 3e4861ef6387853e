import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";
import { totalText } from "./amounts.ts";
import { rungsOf } from "./bidding.ts";
import type { AuctionState, Detail } from "./words.ts";

/** The next prices that a maximum could be, the price now and one's own maximum, as steps of one ladder. */
export const Ladder = (props: {
  listing: Detail;
  auction: AuctionState;
  /** Who leads, in words; null before the first bid. */
  leader: string | null;
  maximum: string | undefined;
  chosen: string;
  onChoose: (price: string) => void;
}) => {
  const t = useText("listing");
  const f = useFormat();
  const money = (text: string) => f.money(text, props.listing.currency);
  const rungs = () =>
    rungsOf({
      price: props.auction.currentBid,
      minimum: props.auction.minimumBid,
      currency: props.listing.currency,
    });
  return (
    <ol class="divide-y divide-line border-y border-line text-sm" aria-label={t("ladder.title")}>
      <For each={rungs().toReversed()}>
        {(rung) => (
          <li>
            <button
              type="button"
              class="tap flex w-full items-center justify-between gap-3 px-2 py-2 text-start hover:bg-sunken aria-pressed:outline-2 aria-pressed:-outline-offset-2 aria-pressed:outline-accent"
              aria-pressed={props.chosen === rung}
              onClick={() => props.onChoose(rung)}
            >
              <span class="font-semibold" data-figure>
                {money(rung)}
              </span>
              <span class="text-xs text-muted" data-figure>
                {rung === props.auction.minimumBid
                  ? t("ladder.least")
                  : t("ladder.lot", {
                      total: money(totalText(props.listing.creditsAmount, rung, props.listing.currency)),
                    })}
              </span>
            </button>
          </li>
        )}
      </For>
      <Show when={props.auction.currentBid}>
        {(now) => (
          <li class="flex items-center justify-between gap-3 bg-sunken px-2 py-2">
            <span class="font-semibold" data-figure>
              {money(now())}
            </span>
            <span class="text-xs wrap-anywhere">
              {props.leader ? t("ladder.now", { leader: props.leader }) : t("auction.current")}
            </span>
          </li>
        )}
      </Show>
      <Show when={props.maximum}>
        {(maximum) => (
          <li class="flex items-center justify-between gap-3 px-2 py-2">
            <span class="font-semibold" data-figure>
              {money(maximum())}
            </span>
            <span class="text-xs text-muted">{t("ladder.mine")}</span>
          </li>
        )}
      </Show>
    </ol>
  );
};
