import { GramStrip, Seal } from "@evx/ui";
import { Show } from "solid-js";
import { gramsOf } from "../../lib/format.ts";
import type { Row } from "./words.ts";

/** The seal of the batch that most of a row's credits come from: an ornament beside the batch's number in words. */
export default function Mark(props: { batch: Row["batch"] }) {
  return <Show when={props.batch?.root}>{(root) => <Seal root={root()} size_px={56} />}</Show>;
}

/** A listing's grams in serial order: a sale takes the first of what is there, so what is sold stands at the left. */
export const RowStrip = (props: { row: Row }) => (
  <GramStrip
    height_px={8}
    runs={(
      [
        { grams: gramsOf(props.row.sold), state: "sold" },
        { grams: gramsOf(props.row.creditsAmount) - gramsOf(props.row.sold), state: "listed" },
      ] as const
    ).filter(({ grams }) => grams > 0n)}
  />
);
