import { createUniqueId, For, Show } from "solid-js";
import type { ChoiceProps } from "./choices.tsx";
import { cx } from "./classes.ts";

/** Choices that need a sentence each, as cards. */
export const RadioCards = <T extends string>(props: ChoiceProps<T>) => {
  const name = createUniqueId();
  return (
    <fieldset
      class={cx("min-w-0", props.class)}
      aria-invalid={props.error ? "true" : undefined}
      aria-describedby={props.error ? `${name}-error` : undefined}
    >
      <legend class={props.showLabel === false ? "sr-only" : "mb-1.5 text-[0.8125rem] font-medium"}>
        {props.label}
      </legend>
      <div class="grid gap-2">
        <For each={props.options}>
          {(option) => (
            <label
              class={cx(
                "flex items-start gap-3 rounded-control border border-line bg-surface p-3 transition-colors hover:bg-sunken",
                "has-checked:border-accent has-checked:bg-accent-soft/40",
                "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
              )}
            >
              <input
                type="radio"
                class="mt-0.5 size-4 shrink-0 accent-accent outline-none"
                name={name}
                value={option.value}
                checked={option.value === props.value}
                disabled={option.disabled}
                onChange={() => props.onValue(option.value)}
              />
              <span class="min-w-0 flex-1">
                <span class="block font-medium">{option.label}</span>
                <Show when={option.hint}>
                  <span class="mt-0.5 block text-xs text-muted">{option.hint}</span>
                </Show>
              </span>
              <Show when={option.icon}>
                <span class="text-muted">{option.icon}</span>
              </Show>
            </label>
          )}
        </For>
      </div>
      <Show when={props.error}>
        <p id={`${name}-error`} class="mt-1.5 text-xs text-negative">
          {props.error}
        </p>
      </Show>
    </fieldset>
  );
};
