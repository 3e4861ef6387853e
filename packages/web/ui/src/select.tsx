import { type ComponentProps, For, Show, splitProps } from "solid-js";
import { Field, type FieldProps } from "./field.tsx";
import { fieldKeys } from "./inputs.tsx";

export type Option<T extends string = string> = { value: T; label: string; disabled?: boolean };

export type SelectProps<T extends string> = FieldProps &
  Omit<ComponentProps<"select">, "onChange" | "value" | "class"> & {
    value: T | "";
    options: readonly Option<T>[];
    /** First, empty choice: "All countries", "Choose a vehicle". */
    placeholder?: string;
    onValue: (value: T) => void;
  };

/** The platform's own select: the best one on a phone, and complete for keyboard and screen reader. */
export const Select = <T extends string>(props: SelectProps<T>) => {
  const [field, own, rest] = splitProps(props, fieldKeys, ["value", "options", "placeholder", "onValue"]);
  return (
    <Field {...field}>
      {(attributes) => (
        <span class="relative block">
          <select
            {...rest}
            {...attributes}
            class="control appearance-none truncate pe-9"
            onChange={(event) => own.onValue(event.currentTarget.value as T)}
          >
            <Show when={own.placeholder !== undefined}>
              <option value="" selected={own.value === ""}>
                {own.placeholder}
              </option>
            </Show>
            <For each={own.options}>
              {(option) => (
                <option value={option.value} disabled={option.disabled} selected={option.value === own.value}>
                  {option.label}
                </option>
              )}
            </For>
          </select>
          <svg
            class="pointer-events-none absolute inset-y-0 end-3 my-auto size-4 text-muted"
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
            aria-hidden="true"
          >
            <path d="m5 6 3-3 3 3M5 10l3 3 3-3" stroke-linecap="round" stroke-linejoin="round" />
          </svg>
        </span>
      )}
    </Field>
  );
};
