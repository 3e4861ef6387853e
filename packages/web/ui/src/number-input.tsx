import { createEffect, createSignal, on, splitProps } from "solid-js";
import { formatDecimal, readDecimal } from "./decimal.ts";
import { TextInput, type TextInputProps } from "./inputs.tsx";
import { useUi } from "./settings.tsx";

export type NumberInputProps = Omit<TextInputProps, "type" | "inputmode" | "end"> & {
  /** Shown at the end: "kg", "USD". */
  unit?: string;
};

/**
 * A decimal amount. `value` and `onValue` speak plain decimal text ("1200.5"), never a float;
 * the person reads and types it in their own format ("1.200,5"). Text that is no number is passed on as typed,
 * so that the form can say so.
 */
export const NumberInput = (props: NumberInputProps) => {
  const ui = useUi();
  const [own, rest] = splitProps(props, ["value", "onValue", "unit", "onBlur"]);
  const shownOf = (value: string) => formatDecimal(value, ui.locale());
  const [typed, setTyped] = createSignal(shownOf(own.value));
  createEffect(
    on(
      () => [own.value, ui.locale()] as const,
      ([value, locale]) => {
        if ((readDecimal(typed(), locale) ?? typed()) !== value) setTyped(shownOf(value));
      },
      { defer: true },
    ),
  );
  return (
    <TextInput
      autocomplete="off"
      {...rest}
      inputmode="decimal"
      value={typed()}
      end={own.unit}
      onValue={(text) => {
        setTyped(text);
        own.onValue(readDecimal(text, ui.locale()) ?? text);
      }}
      onBlur={() => setTyped(shownOf(own.value))}
    />
  );
};
