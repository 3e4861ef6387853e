import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import type { Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type HintAnswer = Answer<typeof api.pricing.predict>;

/** What a suggestion leans on: what moves it, comparable sales, and how it did on past ones. */
export const HintBasis = (props: { hint: HintAnswer }) => {
  const t = useText("selling");
  const f = useFormat();
  const money = (text: string) => f.money(text, props.hint.currency);
  const errors = () => {
    const { backtestMae: ours, naiveMae: naive } = props.hint.model;
    return ours && naive ? { ours: money(ours), naive: money(naive) } : null;
  };
  return (
    <div class="mt-4 grid gap-4 border-line border-t pt-4 text-sm">
      <Show when={props.hint.movedBy.length > 0}>
        <div>
          <h3 class="font-semibold">{t("hint.moved")}</h3>
          <ul class="mt-1">
            <For each={props.hint.movedBy}>
              {({ what, share }) => (
                <li class="flex justify-between gap-3">
                  <span>{t(`hint.moved.${what}`)}</span>
                  <span data-figure>{f.signed(share, { style: "percent", maximumFractionDigits: 1 })}</span>
                </li>
              )}
            </For>
          </ul>
        </div>
      </Show>
      <Show when={props.hint.comparables.length > 0}>
        <div>
          <h3 class="font-semibold">{t("hint.alike")}</h3>
          <ul class="mt-1 divide-y divide-line">
            <For each={props.hint.comparables.slice(0, 5)}>
              {(sale) => (
                <li class="flex flex-wrap justify-between gap-x-3 py-1.5">
                  <span class="text-muted">
                    {t("hint.alikeRow", { credits: f.credits(sale.creditsAmount), when: f.date(sale.at) })}
                  </span>
                  <span data-figure>{money(sale.pricePerCredit)}</span>
                  <Show when={sale.pricePerCreditToday !== sale.pricePerCredit}>
                    <span class="w-full text-end text-muted text-xs" data-figure>
                      {t("hint.alikeToday", { price: money(sale.pricePerCreditToday) })}
                    </span>
                  </Show>
                </li>
              )}
            </For>
          </ul>
        </div>
      </Show>
      <div class="text-muted">
        <Show when={errors()}>{(both) => <p>{t("hint.error", both())}</p>}</Show>
        <Show when={props.hint.coverage !== null && props.hint.model.measuredCoverage}>
          {(share) => <p>{t("hint.held", { share: f.number(share(), { style: "percent" }) })}</p>}
        </Show>
        <Show when={props.hint.model.trainedAt}>
          {(when) => (
            <p>{t("hint.trained", { when: f.dateTime(when()), trades: f.number(props.hint.trades) })}</p>
          )}
        </Show>
      </div>
    </div>
  );
};
