import { StatusDot } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import type { Detail } from "./words.ts";

const tones = { below: "positive", fair: "positive", above: "warning" } as const;

/** How a listing's price compares with what past sales suggest, and what that leans on; or that too little is known to say. */
export default function Fair(props: { listingId: Detail["id"] }) {
  const t = useText("fair");
  const f = useFormat();
  const query = useQuery(api.pricing.fair.queryOptions(() => ({ listingIds: [props.listingId] })));
  const found = () => (query.isSuccess ? query.data.items[0] : undefined);
  return (
    <section aria-label={t("title")} class="min-h-28 border-t-2 border-t-ink bg-surface p-4 text-sm">
      <Show
        when={found()}
        fallback={
          <Show when={query.isSuccess}>
            <p class="text-muted">{t("unknown")}</p>
          </Show>
        }
      >
        {(fair) => (
          <>
            <StatusDot tone={tones[fair().verdict]}>
              {t(fair().verdict, {
                share: f.signed(fair().share, { style: "percent", maximumFractionDigits: 0 }),
              })}
            </StatusDot>
            <p class="mt-2 text-muted" data-figure>
              {t("basis", {
                suggested: f.money(fair().suggested, fair().currency),
                low: f.money(fair().low, fair().currency),
                high: f.money(fair().high, fair().currency),
                trades: f.number(fair().trades),
              })}
              <Show when={fair().measuredCoverage}>
                {(held) => <> {t("held", { share: f.number(held(), { style: "percent" }) })}</>}
              </Show>
            </p>
          </>
        )}
      </Show>
    </section>
  );
}
