import { createUniqueId, For, type JSX, Show } from "solid-js";
import { cx } from "./classes.ts";
import type { Option } from "./select.tsx";

export const Checkbox = (props: {
  label: JSX.Element;
  checked: boolean;
  onChecked: (checked: boolean) => void;
  hint?: JSX.Element;
  error?: string | undefined;
  disabled?: boolean;
  class?: string;
}) => {
  const id = createUniqueId();
  return (
    <div class={cx("flex gap-2.5", props.class)}>
      <input
        id={id}
        type="checkbox"
        class="mt-0.5 size-4 shrink-0 accent-accent"
        checked={props.checked}
        disabled={props.disabled}
        aria-invalid={props.error ? "true" : undefined}
        aria-describedby={props.hint || props.error ? `${id}-note` : undefined}
        onChange={(event) => props.onChecked(event.currentTarget.checked)}
      />
      <div class="min-w-0">
        <label for={id} class="tap">
          {props.label}
        </label>
        <Show when={props.error ?? props.hint}>
          <p id={`${id}-note`} class={cx("mt-0.5 text-xs", props.error ? "text-negative" : "text-muted")}>
            {props.error ?? props.hint}
          </p>
        </Show>
      </div>
    </div>
  );
};

export type ChoiceProps<T extends string> = {
  /** Name of the group for screen readers; shown above where `showLabel`. */
  label: string;
  showLabel?: boolean;
  value: T | "";
  options: readonly (Option<T> & { hint?: string; icon?: JSX.Element })[];
  onValue: (value: T) => void;
  error?: string | undefined;
  class?: string;
};

/** Two to four short choices in a row, one of which holds: day, month, year. */
export const Segmented = <T extends string>(props: ChoiceProps<T>) => {
  const name = createUniqueId();
  return (
    <fieldset class={cx("min-w-0", props.class)}>
      <legend class={props.showLabel ? "mb-1.5 text-[0.8125rem] font-medium" : "sr-only"}>
        {props.label}
      </legend>
      <div class="inline-flex max-w-full flex-wrap rounded-control bg-sunken p-0.5">
        <For each={props.options}>
          {(option) => (
            <label
              class={cx(
                "relative rounded-[3px] px-3 py-[0.6875rem] text-center max-sm:min-w-11 text-[0.8125rem] font-medium whitespace-nowrap text-muted transition-colors sm:py-1",
                "has-checked:bg-surface has-checked:text-ink hover:text-ink",
                "has-focus-visible:outline-2 has-focus-visible:outline-accent",
              )}
            >
              <input
                type="radio"
                class="sr-only"
                name={name}
                value={option.value}
                checked={option.value === props.value}
                disabled={option.disabled}
                onChange={() => props.onValue(option.value)}
              />
              {option.label}
            </label>
          )}
        </For>
      </div>
    </fieldset>
  );
};
