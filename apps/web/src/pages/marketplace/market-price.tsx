import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { serverNow } from "../../lib/time.ts";

type Day = Answer<typeof api.pricing.trends>["series"][number];

const day_ms = 86_400_000;
/** So far back goes the line. */
const DAYS = 90;

/** What credits fetch: the middle of the last sales, the year's range, and the way of the price to here. */
export default function MarketPrice() {
  const t = useText("marketplace");
  const f = useFormat();
  const basis = useQuery(api.pricing.earnings.with({ staleTime: 300_000 }).queryOptions());
  const trends = useQuery(api.pricing.trends.with({ staleTime: 60_000 }).queryOptions());
  const known = () => (basis.isSuccess && basis.data.price ? basis.data : undefined);
  return (
    <Show when={known()}>
      {(found) => (
        <div class="flex items-end gap-x-6">
          <div class="min-w-0">
            <p class="text-[0.8125rem]/4.5">{found().days === 30 ? t("market.month") : t("market.year")}</p>
            <div class="flex items-center gap-3.5">
              <span class="figure text-[2.75rem]" data-figure>
                {f.money(found().price ?? "0", found().currency)}
              </span>
              <Show when={found().low && found().high}>
                <span class="text-[0.8125rem]/4.5 text-muted" data-figure>
                  {t.n("market.sales", found().sales)}
                  <span class="block">
                    {t("market.range", {
                      low: f.money(found().low ?? "0", found().currency),
                      high: f.money(found().high ?? "0", found().currency),
                    })}
                  </span>
                </span>
              </Show>
            </div>
          </div>
          <a href="/trends" class="tap ms-auto max-sm:hidden" aria-label={t("market.trends")}>
            <Steps days={trends.isSuccess ? trends.data.series : []} />
          </a>
        </div>
      )}
    </Show>
  );
}

/** Each day's last price until the next day with a sale, true to time. The page behind it has the figures. */
const Steps = (props: { days: readonly Day[] }) => {
  const path = () => {
    const now = serverNow();
    const points = props.days
      .map(({ date, last }) => ({ at: Math.min(now, Date.parse(date) + day_ms), price: Number(last) }))
      .filter(({ at }) => now - at <= DAYS * day_ms);
    if (points.length < 2) return "";
    const prices = points.map(({ price }) => price);
    const [low, high] = [Math.min(...prices), Math.max(...prices)];
    const x = (at: number) => 198 - ((now - at) / (DAYS * day_ms)) * 196;
    const y = (price: number) => (high === low ? 26 : 48 - ((price - low) / (high - low)) * 44);
    const [first] = points;
    if (!first) return "";
    return `M${x(first.at)} ${y(first.price)}${points
      .slice(1)
      .map(({ at, price }) => `H${x(at)}V${y(price)}`)
      .join("")}H199`;
  };
  return (
    <svg class="block h-13 w-44" viewBox="0 0 200 52" fill="none" aria-hidden="true">
      <path d={path()} class="stroke-ink" stroke-width="1.5" />
    </svg>
  );
};
