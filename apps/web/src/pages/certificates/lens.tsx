import { type GramRun, GramStrip } from "@evx/ui";
import { skipToken, useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { api } from "../../lib/api.ts";
import { gramsOf } from "../../lib/format.ts";
import { clipped, rangeOf } from "./ranges.ts";

/**
 * The whole batch above, these serial numbers of it below, as the registry has them now. Keeps its place; empty offline,
 * and where a batch has more runs than a strip can show.
 */
export default function Lens(props: { serial: string }) {
  const range = () => rangeOf(props.serial);
  const batch = useQuery(
    api.credits.registry.batch
      .with({ retry: false, staleTime: 60_000 })
      .queryOptions(() => ({ number: range()?.batch ?? "0" })),
  );
  const whole = () => (batch.isSuccess ? batch.data.serial : undefined);
  const life = useQuery(
    api.credits.registry.timeline.with({ retry: false, staleTime: 60_000 }).queryOptions(() => {
      const serial = whole();
      return serial ? { serial } : skipToken;
    }),
  );
  const runs = (): GramRun[] =>
    life.isSuccess && !life.data.more
      ? life.data.runs.map(({ credits, state }) => ({ grams: gramsOf(credits), state }))
      : [];
  const total = () => runs().reduce((sum, { grams }) => sum + grams, 0n);
  /** A serial number's place in the batch, of a hundred. */
  const place = (gram: bigint) => (total() === 0n ? 0 : (Number(gram) / Number(total())) * 100);
  return (
    <div class="min-h-8">
      <Show when={runs().length > 0 && range()}>
        {(part) => (
          <>
            <GramStrip runs={runs()} height_px={8} />
            <svg
              class="block h-3.5 w-full fill-sunken"
              viewBox="0 0 100 14"
              preserveAspectRatio="none"
              aria-hidden="true"
            >
              <path d={`M${place(part().from - 1n)} 0H${place(part().to)}L100 14H0Z`} />
            </svg>
            <GramStrip runs={clipped(runs(), part())} height_px={8} />
          </>
        )}
      </Show>
    </div>
  );
}
