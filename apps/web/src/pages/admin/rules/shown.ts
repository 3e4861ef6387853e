import { useText } from "../../../i18n/index.ts";
import { useFormat } from "../../../lib/format.ts";
import { isValue, type Value } from "./fields.ts";
import { inLongest, moved, unitOf } from "./units.ts";
import { fieldKey } from "./words.ts";

/** A field's name in the reader's words; one that is new keeps its name in the API. */
export const useFieldName = () => {
  const t = useText("rules");
  return (field: string): string => {
    const key = fieldKey(field);
    return key ? t(key) : field;
  };
};

/** What a field of a rule holds, as people say it: "5 minutes", "$0.05", "2.5%". */
export const useShown = (currency: () => string) => {
  const t = useText("rules");
  const f = useFormat();
  const label = useFieldName();

  const row = (held: Value): string =>
    Object.entries(held)
      .map(([field, value]) => t("row.cell", { field: label(field), value: shown(field, value) }))
      .join(", ");

  const amount = (field: string, held: number | string): string => {
    const unit = unitOf(field, currency());
    if (unit.kind === "span" && typeof held === "number") {
      const { count, span } = inLongest(held, unit.kept);
      return t.n(`span.${span}`, count, { count: f.number(count) });
    }
    if (unit.kind !== "scaled") return typeof held === "number" ? f.number(held) : held;
    const text = moved(String(held), unit.places) ?? String(held);
    if (unit.sign === "money") return f.money(text, currency());
    if (unit.sign === "credits") return f.credits(text);
    return unit.sign === "percent" ? `${f.number(text)}%` : `${f.number(text)}\u00a0g/km`;
  };

  const shown = (field: string, held: unknown): string => {
    if (held === null || (Array.isArray(held) && held.length === 0)) return t("no.limit");
    if (Array.isArray(held)) return held.filter(isValue).map(row).join("; ");
    if (held === "") return t("no.text");
    if (held === "flat-v1" || held === "metered-v1") return t(`method.${held}`);
    if (field === "issuer.country" && typeof held === "string") return f.country(held);
    if (typeof held === "number" || typeof held === "string") return amount(field, held);
    return JSON.stringify(held);
  };
  return shown;
};
