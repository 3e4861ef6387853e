import { drawSeal, type SealPath, sealDigest } from "@evx/seal";
import { createResource, For, Show } from "solid-js";
import { cx } from "./classes.ts";

type Props = {
  /** The batch's Merkle root, 64 hexadecimal digits. */
  root: string;
  size_px?: number;
  /** "Seal of batch 000482"; without it the seal is an ornament beside words that say the same. */
  label?: string;
  class?: string;
};

/**
 * A batch's seal. Drawn in the browser from the root alone: the markup of a large one would be ten kilobytes.
 * Stands beside its batch's number and the check's words; that it looks right proves nothing.
 */
export const Seal = (props: Props) => {
  const size = () => props.size_px ?? 56;
  const [digest] = createResource(() => props.root, sealDigest);
  return (
    <svg
      class={cx("shrink-0", props.class)}
      viewBox="0 0 200 200"
      width={size()}
      height={size()}
      fill="none"
      role={props.label ? "img" : undefined}
      aria-label={props.label}
      aria-hidden={props.label ? undefined : "true"}
    >
      <Show when={digest.latest}>
        {(bytes) => {
          const drawing = () => drawSeal(bytes(), size());
          const colour = (ink: SealPath["ink"]) =>
            ink === "sheet" ? "var(--surface)" : `var(--seal-${drawing().pair}${ink})`;
          return (
            <For each={drawing().paths}>
              {(path) => (
                <path
                  d={path.d}
                  fill={path.width === undefined ? colour(path.ink) : undefined}
                  stroke={path.width === undefined ? undefined : colour(path.ink)}
                  stroke-width={path.width}
                />
              )}
            </For>
          );
        }}
      </Show>
    </svg>
  );
};
