import { createSignal } from "solid-js";
import { useText } from "../../i18n/index.ts";
import type { Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { chanceAt } from "./chance-at.ts";

type TimeToSell = NonNullable<Answer<typeof api.pricing.predict>["timeToSell"]>;

/** The chance to sell within a week at a price on a slider, from past lots, with how well such chances came true. */
export const Chance = (props: {
  chance: TimeToSell;
  currency: string;
  price: string;
  suggested: string;
  onPrice: (price: string) => void;
}) => {
  const t = useText("selling");
  const f = useFormat();
  const ends = () => {
    const prices = props.chance.curve.map((point) => Number(point.pricePerCredit));
    return { low: Math.min(...prices), high: Math.max(...prices) };
  };
  const decimals = () => props.suggested.split(".")[1]?.length ?? 0;
  const step = () => 10 ** -decimals();
  const [dragged, setDragged] = createSignal<string | null>(null);
  const price = () => dragged() ?? (props.price || props.suggested);
  return (
    <div class="mt-4 border-line border-t pt-4">
      <label class="block text-sm" for="chance-price">
        {t("hint.slider")}
      </label>
      <input
        id="chance-price"
        type="range"
        class="mt-2 w-full accent-accent"
        min={ends().low}
        max={ends().high}
        step={step()}
        value={price()}
        aria-valuetext={f.money(price(), props.currency)}
        onInput={(event) => setDragged(event.currentTarget.valueAsNumber.toFixed(decimals()))}
        onChange={(event) => {
          props.onPrice(event.currentTarget.valueAsNumber.toFixed(decimals()));
          setDragged(null);
        }}
      />
      <p class="mt-1 font-semibold" data-figure aria-live="polite">
        {t("hint.sliderAt", {
          price: f.money(price(), props.currency),
          percent: f.number(chanceAt(props.chance.curve, Number(price())), {
            style: "percent",
            maximumFractionDigits: 0,
          }),
          days: f.number(props.chance.days),
        })}
      </p>
      <p class="mt-1 text-muted text-xs">
        {t("hint.chanceBasis", {
          lots: f.number(props.chance.lots),
          sold: f.number(props.chance.sold),
          error: f.number(props.chance.error, { maximumFractionDigits: 3 }),
          plain: f.number(props.chance.plainError, { maximumFractionDigits: 3 }),
        })}
      </p>
    </div>
  );
};
