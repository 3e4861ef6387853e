import { NumberInput, Select, TextArea, TextInput } from "@evx/ui";
import { Match, Switch } from "solid-js";
import { useText } from "../../../i18n/index.ts";
import { kindOf, listFields } from "./fields.ts";
import { ListField } from "./list-field.tsx";
import { useFieldName } from "./shown.ts";
import { isSpan, type Span, spansFor, unitOf } from "./units.ts";

export type Control = {
  name: string;
  readonly value: string;
  readonly error: string | undefined;
  onValue: (value: string) => void;
};

const signs = { percent: "%", "g/km": "g/km" } as const;

/** A number in its unit: an amount of money, a share, credits, or just a count. */
export const UnitInput = (props: {
  field: string;
  currency: string;
  label: string;
  class?: string;
  control: Omit<Control, "name">;
}) => {
  const t = useText("rules");
  const sign = () => {
    const unit = unitOf(props.field, props.currency);
    if (unit.kind !== "scaled") return {};
    if (unit.sign === "money") return { unit: props.currency };
    return { unit: unit.sign === "credits" ? t("unit.credits") : signs[unit.sign] };
  };
  return (
    <NumberInput
      label={props.label}
      {...(props.class ? { class: props.class } : {})}
      {...sign()}
      {...props.control}
    />
  );
};

/** A span of time: how many, and of what. */
const SpanInput = (props: { label: string; kept: Span; control: Control }) => {
  const t = useText("rules");
  const parts = () => {
    const [count = "", span = ""] = props.control.value.split(" ");
    return { count, span: isSpan(span) ? span : props.kept };
  };
  const put = (count: string, span: Span) => props.control.onValue(`${count.replaceAll(" ", "")} ${span}`);
  return (
    <div
      class="grid grid-cols-[minmax(0,1fr)_minmax(0,9rem)] gap-3"
      // A long label must not push the two apart; a complaint beneath the one must not, either.
      classList={{ "items-end": !props.control.error, "items-start": !!props.control.error }}
    >
      <NumberInput
        label={props.label}
        name={props.control.name}
        value={parts().count}
        error={props.control.error}
        onValue={(count) => put(count, parts().span)}
      />
      <Select
        label={t("span.label")}
        aria-label={t("span.of", { field: props.label })}
        options={spansFor(props.kept).map((value) => ({ value, label: t(`span.${value}`) }))}
        value={parts().span}
        onValue={(span) => put(parts().count, span)}
      />
    </div>
  );
};

/** One field of a rule as people fill it in. */
export const RuleField = (props: { field: string; value: unknown; currency: string; control: Control }) => {
  const t = useText("rules");
  const name = useFieldName();
  const label = () => name(props.field);
  const unit = () => unitOf(props.field, props.currency);
  const kept = () => {
    const known = unit();
    return known.kind === "span" ? known.kept : null;
  };
  const kind = () => kindOf(props.field, props.value);
  return (
    <Switch fallback={<TextArea label={label()} {...props.control} />}>
      <Match when={listFields(props.field)}>
        {(fields) => (
          <ListField label={label()} fields={fields()} currency={props.currency} control={props.control} />
        )}
      </Match>
      <Match when={kept()}>
        {(span) => <SpanInput label={label()} kept={span()} control={props.control} />}
      </Match>
      <Match when={props.field === "method"}>
        <Select
          label={label()}
          options={(["flat-v1", "metered-v1"] as const).map((value) => ({
            value,
            label: t(`method.${value}`),
          }))}
          {...props.control}
        />
      </Match>
      <Match when={kind() === "number" || unit().kind === "scaled"}>
        <UnitInput field={props.field} currency={props.currency} label={label()} control={props.control} />
      </Match>
      <Match when={kind() === "text"}>
        <TextInput label={label()} {...props.control} />
      </Match>
    </Switch>
  );
};
