import { Button, TextInput } from "@evx/ui";
import { Index, Show } from "solid-js";
import { useText } from "../../../i18n/index.ts";
import { type Control, UnitInput } from "./field.tsx";
import { isValue, type ListFields, type Value } from "./fields.ts";
import { useFieldName } from "./shown.ts";

const rowsIn = (text: string): Value[] => {
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? read.filter(isValue) : [];
  } catch {
    return [];
  }
};

/** A list as rows of inputs, each as it was typed: a row is added, changed and taken out by itself. */
export const ListField = (props: {
  label: string;
  fields: ListFields;
  currency: string;
  control: Control;
}) => {
  const t = useText("rules");
  const label = useFieldName();
  const rows = () => rowsIn(props.control.value);
  const put = (next: readonly Value[]) => props.control.onValue(JSON.stringify(next));
  const change = (place: number, field: string, text: string) =>
    put(rows().map((row, at) => (at === place ? { ...row, [field]: text } : row)));
  return (
    <fieldset class="grid min-w-0 gap-3 border-t border-line pt-3">
      <legend class="pe-2 text-sm font-medium">{props.label}</legend>
      <Show when={rows().length === 0}>
        <p class="text-sm text-muted">{t("no.limit")}</p>
      </Show>
      <Index each={rows()}>
        {(row, place) => (
          <div class="flex min-w-0 flex-wrap items-end gap-3">
            {Object.entries(props.fields).map(([field, kind]) => {
              const control = {
                get value() {
                  return String(row()[field] ?? "");
                },
                error: undefined,
                onValue: (text: string) => change(place, field, text),
              };
              return kind === "number" ? (
                <UnitInput
                  class="min-w-32 flex-1"
                  field={field}
                  currency={props.currency}
                  label={label(field)}
                  control={control}
                />
              ) : (
                <TextInput class="min-w-32 flex-1" label={label(field)} {...control} />
              );
            })}
            <Button size="sm" variant="quiet" onClick={() => put(rows().filter((_, at) => at !== place))}>
              {t("row.remove")}
            </Button>
          </div>
        )}
      </Index>
      <Show when={props.control.error}>{(error) => <p class="text-sm text-negative">{error()}</p>}</Show>
      <Button
        size="sm"
        variant="secondary"
        class="justify-self-start"
        onClick={() =>
          put([...rows(), Object.fromEntries(Object.keys(props.fields).map((name) => [name, ""]))])
        }
      >
        {t("row.add")}
      </Button>
    </fieldset>
  );
};
