import { NumberInput, Segmented, Select, TextInput } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { createEffect, createSignal, on, onCleanup } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import type { Asked } from "./search.ts";
import { isNamedMethod, sorts } from "./words.ts";

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
  /** With how many listings there are of it, where they were counted. */
  const counted = (label: string, count: number | undefined) =>
    count ? `${label} (${f.number(count)})` : label;
  /** What is asked for stays to choose even when nothing of it is for sale any more. */
  const values = (found: readonly string[], asked: string | undefined) =>
    asked && !found.includes(asked) ? [...found, asked] : found;

  return (
    <search
      id="filters"
      aria-label={t("filter.label")}
      class="grid min-w-0 gap-4 border-t-2 border-t-ink bg-surface p-4 max-lg:hidden data-[shown]:grid"
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
      <Segmented
        label={t("filter.type")}
        value={props.asked.type === "fixed" || props.asked.type === "auction" ? props.asked.type : "any"}
        options={(["any", "fixed", "auction"] as const).map((value) => ({
          value,
          label: t(`filter.type.${value}`),
        }))}
        onValue={(type) => props.onAsk({ type: type === "any" ? "" : type })}
      />
      <Select
        label={t("filter.sort")}
        value={sorts.find((name) => name === props.asked.sort) ?? "newest"}
        options={sorts.map((value) => ({ value, label: t(`sort.${value}`) }))}
        onValue={(sort) => props.onAsk({ sort: sort === "newest" ? "" : sort })}
      />
      <Select
        label={t("filter.country")}
        value={props.asked.country ?? ""}
        placeholder={t("filter.country.any")}
        options={values(known().countries, props.asked.country).map((value) => ({
          value,
          label: counted(f.country(value), known().counts?.countries[value]),
        }))}
        onValue={(country) => props.onAsk({ country })}
      />
      <Select
        label={t("filter.vintage")}
        value={props.asked.vintage ?? ""}
        placeholder={t("filter.vintage.any")}
        options={values(known().vintages.map(String), props.asked.vintage).map((value) => ({
          value,
          label: counted(value, known().counts?.vintages[value]),
        }))}
        onValue={(vintage) => props.onAsk({ vintage })}
      />
      <Select
        label={t("filter.method")}
        value={props.asked.method ?? ""}
        placeholder={t("filter.method.any")}
        options={values(known().methods, props.asked.method).map((value) => ({
          value,
          label: counted(isNamedMethod(value) ? t(`method.${value}`) : value, known().counts?.methods[value]),
        }))}
        onValue={(method) => props.onAsk({ method })}
      />
      <Typed
        value={props.asked.maxPrice ?? ""}
        onValue={(maxPrice) => props.onAsk({ maxPrice })}
        field={(value, onValue) => (
          <NumberInput label={t("filter.maxPrice")} value={value()} onValue={onValue} />
        )}
      />
      <Typed
        value={props.asked.minCredits ?? ""}
        onValue={(minCredits) => props.onAsk({ minCredits })}
        field={(value, onValue) => (
          <NumberInput label={t("filter.minCredits")} value={value()} onValue={onValue} />
        )}
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
