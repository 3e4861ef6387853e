import { Card, GramLegend, type GramRun, GramStrip } from "@evx/ui";
import { Show } from "solid-js";
import { useFormat } from "../lib/format.ts";

type Part = Pick<GramRun, "state" | "grams"> & { label: string };

/** Where somebody's grams are, in one strip; nothing where there are none. */
export const Grams = (props: { title: string; parts: readonly Part[]; class?: string }) => {
  const f = useFormat();
  const some = () => props.parts.filter(({ grams }) => grams > 0n);
  return (
    <Show when={some().length > 0}>
      <Card class={props.class} title={props.title}>
        <GramStrip height_px={32} runs={some()} ruler />
        <GramLegend
          class="mt-4"
          items={some().map(({ state, grams, label }) => ({
            state,
            label: `${label}, ${f.mass(Number(grams) / 1000)}`,
          }))}
        />
      </Card>
    </Show>
  );
};
