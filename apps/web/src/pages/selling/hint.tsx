import { Button, Card, IntervalBar } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api, skipToken } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { Chance } from "./chance.tsx";
import { HintBasis } from "./hint-basis.tsx";
import { paused } from "./net.tsx";

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
  const hint = useQuery(
    api.pricing.predict.queryOptions(() =>
      credits()
        ? { creditsAmount: credits(), listingType: props.auction ? ("auction" as const) : ("fixed" as const) }
        : skipToken,
    ),
  );
  return (
    <Show when={credits()}>
      <Card title={t("hint.title")}>
        <Loaded query={hint}>
          {(data) => (
            <>
              <Show when={data().pricePerCredit} fallback={<NoPrice hint={data()} />}>
                {(price) => (
                  <Suggestion hint={data()} suggested={price()} price={props.price} onUse={props.onUse} />
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

const NoPrice = (props: { hint: HintAnswer }) => {
  const t = useText("selling");
  return (
    <p class="text-muted">
      {props.hint.why === "unsettled"
        ? t("hint.unsettled")
        : t("hint.none", { trades: props.hint.trades, needed: props.hint.needed.trades })}
    </p>
  );
};

const Suggestion = (props: {
  hint: HintAnswer;
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
      <Show when={props.hint.timeToSell}>
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
