import { Button, Card } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { api, skipToken } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { paused } from "./net.tsx";

/** What past sales suggest for a lot like this, with its bounds, or why there is no suggestion. */
export const Hint = (props: {
  credits: string;
  auction: boolean;
  price: string;
  onUse: (price: string) => void;
}) => {
  const t = useText("selling");
  const f = useFormat();
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
          {(data) => {
            const money = (text: string) => f.money(text, data().currency);
            return (
              <Show
                when={data().pricePerCredit}
                fallback={
                  <p class="text-muted">
                    {t("hint.none", { trades: data().trades, needed: data().needed.trades })}
                  </p>
                }
              >
                {(price) => (
                  <>
                    <p class="font-semibold" data-figure>
                      <Show
                        when={data().low}
                        fallback={t("hint.indicative", { trades: data().trades, price: money(price()) })}
                      >
                        {t("hint.price", { price: money(price()) })}
                      </Show>
                    </p>
                    <Show when={data().low && data().high}>
                      <p class="mt-1 text-muted" data-figure>
                        {t("hint.interval", { low: money(data().low ?? ""), high: money(data().high ?? "") })}
                      </p>
                    </Show>
                    <Show when={props.price !== price()}>
                      <Button class="mt-3" size="sm" variant="secondary" onClick={() => props.onUse(price())}>
                        {t("hint.use")}
                      </Button>
                    </Show>
                  </>
                )}
              </Show>
            );
          }}
        </Loaded>
      </Card>
    </Show>
  );
};
