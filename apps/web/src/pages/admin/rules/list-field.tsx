import { Button, NumberInput, TextInput } from "@evx/ui";
import { Index, Show } from "solid-js";
import { useText } from "../../../i18n/index.ts";
import { isPercent, isValue, readPercent, textOf, type Value } from "./fields.ts";
import { fieldKey } from "./words.ts";

type ListFields = Readonly<Record<string, "number" | "text">>;

/** Lists whose rows have fields of their own, by the rule's field. */
const lists: Readonly<Record<string, ListFields>> = {
  "value.bands": { fromMinor: "number", stepMinor: "number" },
  "value.taxes": { name: "text", nameVi: "text", rateBps: "number" },
};

/** What a row of a list holds; null for a field that is no such list. */
export const listFields = (control: string): ListFields | null => lists[control] ?? null;

const rowsIn = (text: string): Value[] => {
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? read.filter(isValue) : [];
  } catch {
    return [];
  }
};

const readNumber = (text: string, field: string): number | undefined => {
  if (isPercent(field)) return readPercent(text);
  return /^\d+$/.test(text.trim()) ? Number(text) : undefined;
};

/** A list as rows of inputs: each row is added, changed and taken out by itself. */
export const ListField = (props: {
  label: string;
  fields: ListFields;
  control: {
    name: string;
    readonly value: string;
    readonly error: string | undefined;
    onValue: (value: string) => void;
  };
}) => {
  const t = useText("rules");
  const rows = () => rowsIn(props.control.value);
  const put = (next: readonly Value[]) => props.control.onValue(JSON.stringify(next));
  const change = (place: number, field: string, text: string) => {
    const typed = props.fields[field] === "number" ? readNumber(text, field) : undefined;
    put(rows().map((row, at) => (at === place ? { ...row, [field]: typed ?? text } : row)));
  };
  const label = (field: string) => {
    const key = fieldKey(field);
    return key ? t(key) : field;
  };
  const shown = (value: unknown, field: string) => (value === undefined ? "" : textOf(value, field));
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
                label: label(field),
                get value() {
                  return shown(row()[field], field);
                },
                onValue: (text: string) => change(place, field, text),
              };
              return kind === "number" ? (
                <NumberInput class="min-w-32 flex-1" {...control} />
              ) : (
                <TextInput class="min-w-32 flex-1" {...control} />
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
