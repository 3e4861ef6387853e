import { StatusDot } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import type { Detail } from "./words.ts";

const tones = { below: "positive", fair: "positive", above: "warning" } as const;

/** How a listing's price compares with what past sales suggest, and what that leans on. Silent where nothing honest can be said. */
export default function Fair(props: { listingId: Detail["id"] }) {
  const t = useText("listing");
  const f = useFormat();
  const query = useQuery(api.pricing.fair.queryOptions(() => ({ listingIds: [props.listingId] })));
  const found = () => (query.isSuccess ? query.data.items[0] : undefined);
  return (
    <Show when={found()} fallback={query.isPending && <div class="min-h-28" aria-hidden="true" />}>
      {(fair) => (
        <section aria-label={t("fair.title")} class="min-h-28 border-t-2 border-t-ink bg-surface p-4 text-sm">
          <StatusDot tone={tones[fair().verdict]}>
            {t(`fair.${fair().verdict}`, {
              share: f.signed(fair().share, { style: "percent", maximumFractionDigits: 0 }),
            })}
          </StatusDot>
          <p class="mt-2 text-muted" data-figure>
            {t("fair.basis", {
              suggested: f.money(fair().suggested, fair().currency),
              low: f.money(fair().low, fair().currency),
              high: f.money(fair().high, fair().currency),
              trades: f.number(fair().trades),
            })}
            <Show when={fair().measuredCoverage}>
              {(held) => <> {t("fair.held", { share: f.number(held(), { style: "percent" }) })}</>}
            </Show>
          </p>
        </section>
      )}
    </Show>
  );
}
