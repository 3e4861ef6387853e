import { type ComponentProps, type JSX, Show, splitProps } from "solid-js";
import { cx } from "./classes.ts";
import { Field, type FieldProps } from "./field.tsx";

/** What belongs to a control's label, hint and error, not to the control. */
export const fieldKeys = ["label", "hint", "error", "required", "optional", "hideLabel", "class"] as const;

export type TextInputProps = FieldProps &
  Omit<ComponentProps<"input">, "onInput" | "value" | "class"> & {
    value: string;
    onValue: (value: string) => void;
    /** Shown inside the control's end: a unit, a small button. */
    end?: JSX.Element;
  };

export const TextInput = (props: TextInputProps) => {
  const [field, own, rest] = splitProps(props, fieldKeys, ["value", "onValue", "end"]);
  return (
    <Field {...field}>
      {(attributes) => (
        <span class="relative block">
          <input
            type="text"
            {...rest}
            {...attributes}
            class={cx("control", !!own.end && "pe-14")}
            value={own.value}
            onInput={(event) => own.onValue(event.currentTarget.value)}
          />
          <Show when={own.end}>
            <span class="absolute inset-y-0 end-3 flex items-center text-muted">{own.end}</span>
          </Show>
        </span>
      )}
    </Field>
  );
};

export type TextAreaProps = FieldProps &
  Omit<ComponentProps<"textarea">, "onInput" | "value" | "class"> & {
    value: string;
    onValue: (value: string) => void;
  };

export const TextArea = (props: TextAreaProps) => {
  const [field, own, rest] = splitProps(props, fieldKeys, ["value", "onValue"]);
  return (
    <Field {...field}>
      {(attributes) => (
        <textarea
          rows={3}
          {...rest}
          {...attributes}
          class="control"
          value={own.value}
          onInput={(event) => own.onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
};
