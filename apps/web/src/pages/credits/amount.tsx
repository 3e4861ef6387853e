import { Button, NumberInput } from "@evx/ui";
import { useText } from "../../i18n/index.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { amountOf } from "./words.ts";

/** What is wrong with a typed amount, in the reader's words; undefined when it can be sent. */
export const useAmountCheck = () => {
  const t = useText("transfer");
  const f = useFormat();
  return (text: string, free: string): string | undefined => {
    const grams = amountOf(text);
    if (grams === null) return t("amountCheck");
    return grams > gramsOf(free) ? t("amountTooMuch", { amount: f.credits(free) }) : undefined;
  };
};

/** How many credits, with all that are free one press away. */
export const AmountInput = (props: {
  label: string;
  free: string;
  name: string;
  value: string;
  error: string | undefined;
  onValue: (value: string) => void;
}) => {
  const t = useText("transfer");
  const f = useFormat();
  const mass = () => (amountOf(props.value) === null ? "" : `, ${f.creditsMass(props.value)} CO₂`);
  return (
    <div class="flex items-start gap-2">
      <NumberInput
        class="min-w-0 flex-1"
        label={props.label}
        name={props.name}
        hint={`${t("amountHint", { amount: f.credits(props.free) })}${mass()}`}
        error={props.error}
        value={props.value}
        onValue={props.onValue}
        required
      />
      <Button class="mt-[1.625rem]" variant="secondary" onClick={() => props.onValue(props.free)}>
        {t("all")}
      </Button>
    </div>
  );
};
