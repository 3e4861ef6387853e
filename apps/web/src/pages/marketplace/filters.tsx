import { NumberInput, TextInput } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { createEffect, createSignal, on, onCleanup } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { Facet, PriceSpans } from "./facet.tsx";
import type { Asked } from "./search.ts";
import { isNamedMethod } from "./words.ts";

/** Typing searches after this pause, not at each letter. */
const PAUSE_MS = 300;

export default function Filters(props: { asked: Asked; onAsk: (change: Asked) => void; shown: boolean }) {
  const t = useText("marketplace");
  const f = useFormat();
  const facets = useQuery(api.marketplace.listings.facets.with({ staleTime: 60_000 }).queryOptions());
  const known = () =>
    facets.isSuccess
      ? facets.data
      : { countries: [] as string[], vintages: [] as number[], methods: [] as string[], counts: null };
  /** Nothing is said before the first count: a nought would be untrue. */
  const counts = () => {
    const { counts: counted } = known();
    return counted && Object.keys(counted.types).length > 0 ? counted : null;
  };
  const countOf = (of: "types" | "qualities", value: string) => {
    const counted = counts();
    return counted ? (counted[of][value] ?? 0) : undefined;
  };
  /** What is asked for stays to choose even when nothing of it is for sale any more. */
  const values = (found: readonly string[], asked: string | undefined) =>
    asked && !found.includes(asked) ? [...found, asked] : found;

  return (
    <search
      id="filters"
      aria-label={t("filter.label")}
      class="grid min-w-0 gap-5 max-lg:hidden max-lg:border-t-2 max-lg:border-t-ink max-lg:bg-surface max-lg:p-4 data-[shown]:grid"
      data-shown={props.shown ? "" : undefined}
    >
      <Typed
        value={props.asked.q ?? ""}
        onValue={(q) => props.onAsk({ q })}
        field={(value, onValue) => (
          <TextInput
            type="search"
            label={t("filter.search")}
            placeholder={t("filter.searchHint")}
            maxLength={100}
            value={value()}
            onValue={onValue}
          />
        )}
      />
      <Facet
        label={t("filter.type")}
        any={t("filter.type.any")}
        value={props.asked.type === "fixed" || props.asked.type === "auction" ? props.asked.type : ""}
        choices={(["fixed", "auction"] as const).map((value) => ({
          value,
          label: t(`filter.type.${value}`),
          count: countOf("types", value),
        }))}
        onValue={(type) => props.onAsk({ type })}
      />
      <Facet
        label={t("filter.quality")}
        any={t("filter.quality.any")}
        value={props.asked.quality ?? ""}
        choices={(["connected", "export", "manual"] as const).map((value) => ({
          value,
          label: t(`quality.${value}`),
          count: countOf("qualities", value),
        }))}
        onValue={(quality) => props.onAsk({ quality })}
      />
      <div class="grid grid-cols-2 items-end gap-2">
        <div class="col-span-2 -mb-1">
          <PriceSpans
            spans={counts()?.prices ?? []}
            min={props.asked.minPrice ?? ""}
            max={props.asked.maxPrice ?? ""}
            currency={facets.isSuccess ? facets.data.currency : "USD"}
          />
        </div>
        <Typed
          value={props.asked.minPrice ?? ""}
          onValue={(minPrice) => props.onAsk({ minPrice })}
          field={(value, onValue) => (
            <NumberInput label={t("filter.minPrice")} value={value()} onValue={onValue} />
          )}
        />
        <Typed
          value={props.asked.maxPrice ?? ""}
          onValue={(maxPrice) => props.onAsk({ maxPrice })}
          field={(value, onValue) => (
            <NumberInput label={t("filter.maxPrice")} value={value()} onValue={onValue} />
          )}
        />
      </div>
      <Typed
        value={props.asked.minCredits ?? ""}
        onValue={(minCredits) => props.onAsk({ minCredits })}
        field={(value, onValue) => (
          <NumberInput label={t("filter.minCredits")} value={value()} onValue={onValue} />
        )}
      />
      <Facet
        label={t("filter.vintage")}
        any={t("filter.vintage.any")}
        value={props.asked.vintage ?? ""}
        choices={values(known().vintages.map(String), props.asked.vintage).map((value) => ({
          value,
          label: value,
          count: counts()?.vintages[value],
        }))}
        onValue={(vintage) => props.onAsk({ vintage })}
      />
      <Facet
        label={t("filter.country")}
        any={t("filter.country.any")}
        value={props.asked.country ?? ""}
        choices={values(known().countries, props.asked.country).map((value) => ({
          value,
          label: f.country(value),
          count: counts()?.countries[value],
        }))}
        onValue={(country) => props.onAsk({ country })}
      />
      <Facet
        label={t("filter.method")}
        any={t("filter.method.any")}
        value={props.asked.method ?? ""}
        choices={values(known().methods, props.asked.method).map((value) => ({
          value,
          label: isNamedMethod(value) ? t(`method.${value}`) : value,
          count: counts()?.methods[value],
        }))}
        onValue={(method) => props.onAsk({ method })}
      />
    </search>
  );
}

/** A field whose text is passed on once the typing pauses. */
const Typed = (props: {
  value: string;
  onValue: (value: string) => void;
  field: (value: () => string, onValue: (value: string) => void) => import("solid-js").JSX.Element;
}) => {
  const [typed, setTyped] = createSignal(props.value);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  // The address may change by other ways: back, "clear all filters".
  createEffect(
    on(
      () => props.value,
      (value) => setTyped(value),
      { defer: true },
    ),
  );
  return props.field(typed, (value) => {
    setTyped(value);
    clearTimeout(timer);
    timer = setTimeout(() => props.onValue(value), PAUSE_MS);
  });
};
