import { Button, Select } from "@evx/ui";
import { For } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";
import type { Asked, filters } from "./search.ts";
import { isNamedMethod, isNamedQuality, sorts } from "./words.ts";

type Name = (typeof filters)[number];

/** What the rows are filtered by, each taken away by a press, and how they are sorted. */
export default function Chosen(props: {
  asked: Asked;
  names: readonly Name[];
  onAsk: (change: Asked) => void;
}) {
  const t = useText("marketplace");
  const f = useFormat();
  const said = (name: Name, value: string): string => {
    if (name === "type" && (value === "fixed" || value === "auction")) return t(`filter.type.${value}`);
    if (name === "quality" && isNamedQuality(value)) return t(`quality.${value}`);
    if (name === "method" && isNamedMethod(value)) return t(`method.${value}`);
    if (name === "country" && /^[A-Z]{2}$/.test(value)) return f.country(value);
    if (name === "minPrice") return t("chosen.minPrice", { price: f.number(value) });
    if (name === "maxPrice") return t("chosen.maxPrice", { price: f.number(value) });
    if (name === "minCredits") return t("chosen.minCredits", { credits: f.number(value) });
    return value;
  };
  const set = () =>
    props.names.flatMap((name) => (props.asked[name] ? [[name, props.asked[name]] as const] : []));
  return (
    <div class="mb-3 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
      <ul class="flex min-w-0 flex-wrap gap-2">
        <For each={set()}>
          {([name, value]) => (
            <li class="min-w-0">
              <Button
                size="sm"
                variant="secondary"
                aria-label={t("chosen.remove", { filter: said(name, value) })}
                onClick={() => props.onAsk({ [name]: "" })}
              >
                <span class="wrap-anywhere">{said(name, value)}</span> <span aria-hidden="true">×</span>
              </Button>
            </li>
          )}
        </For>
      </ul>
      <Select
        class="w-52 max-sm:w-full"
        hideLabel
        label={t("filter.sort")}
        value={sorts.find((name) => name === props.asked.sort) ?? "newest"}
        options={sorts.map((value) => ({ value, label: t(`sort.${value}`) }))}
        onValue={(sort) => props.onAsk({ sort: sort === "newest" ? "" : sort })}
      />
    </div>
  );
}
