import { NumberInput, TextInput } from "@evx/ui";
import type { useText } from "../../i18n/index.ts";

type Control = {
  name: string;
  readonly value: string;
  readonly error: string | undefined;
  onValue: (value: string) => void;
};

/** What may be said of a fixed price besides: the least that one order takes, and from when until when it is for sale. */
export const FixedTerms = (props: {
  t: ReturnType<typeof useText<"selling">>;
  now: string;
  minCredits: Control;
  startsAt: Control;
  expiresAt: Control;
}) => (
  <>
    <NumberInput
      label={props.t("new.least")}
      hint={props.t("new.leastHint")}
      {...props.minCredits}
      optional
    />
    <TextInput
      type="datetime-local"
      label={props.t("new.from")}
      hint={props.t("new.fromHint")}
      min={props.now}
      {...props.startsAt}
      optional
    />
    <TextInput
      type="datetime-local"
      label={props.t("new.until")}
      hint={props.t("new.untilHint")}
      min={props.now}
      {...props.expiresAt}
      optional
    />
  </>
);

/** Those terms as they travel, without the fields that were left empty. */
export const fixedTermsOf = (form: { minCredits: string; startsAt: string; expiresAt: string }) => ({
  ...(form.minCredits ? { minCredits: form.minCredits } : {}),
  ...(form.startsAt ? { startsAt: new Date(form.startsAt).toISOString() } : {}),
  ...(form.expiresAt ? { expiresAt: new Date(form.expiresAt).toISOString() } : {}),
});
