import { skipToken, useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import type { Row } from "./words.ts";

/** A row's price beside what past sales suggest: asked once for its whole `page`. Silent where nothing honest can be said. */
export default function BesideMarket(props: { id: Row["id"]; page: readonly Row["id"][] }) {
  const t = useText("marketplace");
  const f = useFormat();
  const query = useQuery(
    api.pricing.fair
      .with({ staleTime: 60_000 })
      .queryOptions(() => (props.page.length > 0 ? { listingIds: [...props.page] } : skipToken)),
  );
  const found = () =>
    query.isSuccess ? query.data.items.find(({ listingId }) => listingId === props.id) : undefined;
  return (
    <Show when={found()}>
      {(fair) => (
        <>
          <span class={fair().verdict === "below" ? "text-accent" : undefined}>
            {fair().verdict === "fair"
              ? t("row.fair")
              : t(`row.${fair().verdict}`, { share: f.percent(Math.abs(fair().share), 0) })}
          </span>
          <OnScale
            price={Number(fair().suggested) * (1 + fair().share)}
            middle={Number(fair().suggested)}
            low={Number(fair().low)}
            high={Number(fair().high)}
          />
        </>
      )}
    </Show>
  );
}

/** The price among those that past sales suggest: the band holds nine of ten, the line is their middle. */
const OnScale = (props: { price: number; middle: number; low: number; high: number }) => {
  /** The band takes the middle half of the scale; what is far beyond stands at its end. */
  const x = (price: number) => {
    const band = Math.max(props.high - props.low, 0.01);
    return Math.min(104, Math.max(4, 27 + ((price - props.low) / band) * 54));
  };
  return (
    <svg
      class="mt-0.5 block h-4.5 w-27 max-w-full rows:ms-auto"
      viewBox="0 0 108 18"
      fill="none"
      aria-hidden="true"
    >
      <path d="M0 9H108" class="stroke-line" />
      <rect x="27" y="5" width="54" height="8" class="fill-sunken" />
      <path d={`M${x(props.middle)} 2V16`} class="stroke-line-strong" stroke-width="1.5" />
      <circle cx={x(props.price)} cy="9" r="4.5" class="fill-ink" />
    </svg>
  );
};
