import { createUniqueId, type JSX, Show } from "solid-js";
import { useUi } from "./settings.tsx";

export type FieldAttributes = {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": "true" | undefined;
  "aria-required": "true" | undefined;
};

export type FieldProps = {
  label: string;
  /** What to write and why, before it goes wrong. */
  hint?: JSX.Element;
  /** What is wrong and how to put it right. */
  error?: string | undefined;
  required?: boolean;
  /** Marks the field "(optional)". */
  optional?: boolean;
  hideLabel?: boolean;
  class?: string;
};

/** A control with its label, hint and error, wired together for screen readers. */
export const Field = (props: FieldProps & { children: (attributes: FieldAttributes) => JSX.Element }) => {
  const ui = useUi();
  const id = createUniqueId();
  const attributes: FieldAttributes = {
    id,
    get "aria-describedby"() {
      return (
        [props.hint && `${id}-hint`, props.error && `${id}-error`].filter(Boolean).join(" ") || undefined
      );
    },
    get "aria-invalid"() {
      return props.error ? "true" : undefined;
    },
    get "aria-required"() {
      return props.required ? "true" : undefined;
    },
  };
  return (
    <div class={props.class}>
      <label for={id} class={props.hideLabel ? "sr-only" : "mb-1.5 block text-[0.8125rem] font-medium"}>
        {props.label}
        <Show when={props.optional}>
          <span class="font-normal text-muted"> ({ui.text().optional})</span>
        </Show>
      </label>
      {props.children(attributes)}
      <Show when={props.hint}>
        <p id={`${id}-hint`} class="mt-1.5 text-xs text-muted">
          {props.hint}
        </p>
      </Show>
      <Show when={props.error}>
        <p id={`${id}-error`} class="mt-1.5 text-xs text-negative">
          {props.error}
        </p>
      </Show>
    </div>
  );
};
