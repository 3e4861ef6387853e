import { Button, Card, IntervalBar } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api, skipToken } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { Chance } from "./chance.tsx";
import { HintBasis } from "./hint-basis.tsx";
import { paused } from "./net.tsx";
import { sharedTraits } from "./shared-traits.ts";

type HintAnswer = Answer<typeof api.pricing.predict>;
type Prices = { readonly price: string; readonly reserve?: string };

/** What past sales suggest for a lot like this, what that leans on, and what the book pays now; or why there is no suggestion. */
export const Hint = (props: {
  credits: string;
  auction: boolean;
  price: string;
  onUse: (prices: Prices) => void;
}) => {
  const t = useText("selling");
  const credits = paused(() => props.credits);
  const session = useSession();
  const owned = useQuery(
    api.credits.provenance.queryOptions(() => (session.userId() ? { userId: session.userId() } : skipToken)),
  );
  // Asked once they are known: a price of credits in general may be another one.
  const traits = () => (owned.isPending ? undefined : sharedTraits(owned.data?.items ?? []));
  const hint = useQuery(
    api.pricing.predict.queryOptions(() => {
      const known = traits();
      return credits() && known
        ? { creditsAmount: credits(), listingType: props.auction ? "auction" : "fixed", ...known }
        : skipToken;
    }),
  );
  return (
    <Show when={credits()}>
      <Card title={t("hint.title")}>
        <Loaded query={hint}>
          {(data) => (
            <>
              <Show when={data().pricePerCredit} fallback={<NoPrice hint={data()} />}>
                {(price) => (
                  <Suggestion
                    hint={data()}
                    fixed={!props.auction}
                    suggested={price()}
                    price={props.price}
                    onUse={props.onUse}
                  />
                )}
              </Show>
              <Book hint={data()} />
              <Show when={data().pricePerCredit}>
                <HintBasis hint={data()} />
              </Show>
            </>
          )}
        </Loaded>
      </Card>
    </Show>
  );
};

/** Why there is no suggestion: what is missing, and how much of it. */
const NoPrice = (props: { hint: HintAnswer }) => {
  const t = useText("selling");
  const f = useFormat();
  const reason = () => {
    const { why, trades, traders, needed } = props.hint;
    if (why === "unsettled") return t("hint.unsettled");
    if (why === "worse") return t("hint.noneWorse");
    if (trades < needed.trades)
      return t("hint.none", { trades: f.number(trades), needed: f.number(needed.trades) });
    if (traders < needed.traders)
      return t("hint.nonePeople", { traders: f.number(traders), needed: f.number(needed.traders) });
    return t("hint.noneYet");
  };
  return <p class="text-muted">{reason()}</p>;
};

const Suggestion = (props: {
  hint: HintAnswer;
  fixed: boolean;
  suggested: string;
  price: string;
  onUse: (prices: Prices) => void;
}) => {
  const t = useText("selling");
  const f = useFormat();
  const money = (text: string) => f.money(text, props.hint.currency);
  const auction = () => props.hint.auction;
  const interval = () => {
    const { low, high } = props.hint;
    return low && high ? { low, high } : null;
  };
  /** Without a range, and further off on past sales than the last price was: nothing to be taken over by a press. */
  const isWorse = () => {
    const { backtestMae, naiveMae } = props.hint.model;
    return props.hint.low === null && naiveMae !== null && Number(backtestMae) > Number(naiveMae);
  };
  return (
    <>
      <Show when={isWorse()}>
        <p class="mb-1 text-warning">{t("hint.worse")}</p>
      </Show>
      <p class={isWorse() ? "text-muted text-sm" : "font-semibold"} data-figure>
        {props.hint.low
          ? t("hint.price", { price: money(props.suggested) })
          : t("hint.indicative", { trades: props.hint.trades, price: money(props.suggested) })}
      </p>
      <Show when={interval()}>
        {(range) => (
          <>
            <IntervalBar
              title={t("hint.interval", { low: money(range().low), high: money(range().high) })}
              low={Number(range().low)}
              value={Number(props.suggested)}
              high={Number(range().high)}
              format={(value) => money(value.toFixed(2))}
              mark={props.price ? Number(props.price) : undefined}
              markLabel={t("hint.yours")}
            />
            <p class="mt-1 text-muted" data-figure>
              {t("hint.interval", { low: money(range().low), high: money(range().high) })}
            </p>
          </>
        )}
      </Show>
      <Show
        when={auction()}
        fallback={
          <Show when={props.price !== props.suggested && !isWorse()}>
            <Button
              class="mt-3"
              size="sm"
              variant="secondary"
              onClick={() => props.onUse({ price: props.suggested })}
            >
              {t("hint.use")}
            </Button>
          </Show>
        }
      >
        {(both) => (
          <>
            <p class="mt-2" data-figure>
              {t("hint.start", { start: money(both().start), reserve: money(both().reserve) })}
            </p>
            <Button
              class="mt-3"
              size="sm"
              variant="secondary"
              onClick={() => props.onUse({ price: both().start, reserve: both().reserve })}
            >
              {t("hint.useBoth")}
            </Button>
          </>
        )}
      </Show>
      <Show
        when={props.hint.timeToSell}
        fallback={
          <Show when={props.fixed}>
            <p class="mt-4 border-line border-t pt-4 text-muted text-sm">{t("hint.noChance")}</p>
          </Show>
        }
      >
        {(chance) => (
          <Chance
            chance={chance()}
            currency={props.hint.currency}
            price={props.price}
            suggested={props.suggested}
            onPrice={(price) => props.onUse({ price })}
          />
        )}
      </Show>
    </>
  );
};

/** The best prices of the order book, beside the suggestion and no part of it. */
const Book = (props: { hint: HintAnswer }) => {
  const t = useText("selling");
  const f = useFormat();
  const lines = () =>
    [
      { label: t("hint.bid"), price: props.hint.book.bestBid },
      { label: t("hint.ask"), price: props.hint.book.bestAsk },
    ].flatMap(({ label, price }) =>
      price === null ? [] : [{ label, price: f.money(price, props.hint.currency) }],
    );
  return (
    <Show when={lines().length > 0}>
      <dl class="mt-4 grid gap-1 border-line border-t pt-4 text-sm">
        {lines().map(({ label, price }) => (
          <div class="flex justify-between gap-3">
            <dt class="text-muted">{label}</dt>
            <dd data-figure>{price}</dd>
          </div>
        ))}
      </dl>
    </Show>
  );
};
