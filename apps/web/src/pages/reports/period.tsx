import { Segmented, Select, TextInput } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { ownZone, todayIn, zoneTime } from "../../lib/zones.ts";

const presets = ["months12", "thisMonth", "lastMonth", "thisYear", "lastYear", "all", "own"] as const;
type Preset = (typeof presets)[number];
export type Step = "day" | "month" | "year";

const dayOf = (year: number, month: number, day: number): string =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

type Days = { from?: string; to?: string };

/** The days of a choice, both included, on a day such as "2026-11-28". */
const daysOf = (preset: Preset, today: string): Days => {
  const [year = 0, month = 1] = today.split("-").map(Number);
  if (preset === "months12") return { from: dayOf(year, month - 12, 1), to: today };
  if (preset === "thisMonth") return { from: dayOf(year, month - 1, 1), to: today };
  if (preset === "lastMonth") return { from: dayOf(year, month - 2, 1), to: dayOf(year, month - 1, 0) };
  if (preset === "thisYear") return { from: dayOf(year, 0, 1), to: today };
  if (preset === "lastYear") return { from: dayOf(year - 1, 0, 1), to: dayOf(year - 1, 11, 31) };
  return {};
};

const usual = (preset: Preset): Step => (preset === "thisMonth" || preset === "lastMonth" ? "day" : "month");

/** The period that a person looks at, in the zone where they are; a link may bring one. */
export const createPeriod = () => {
  const [search] = useSearchParams<{ from?: string; to?: string }>();
  // As it was typed: of what is no period the server says so, and no other one is shown for it.
  const brought = Boolean(search.from || search.to);
  const [preset, choose] = createSignal<Preset>(brought ? "own" : "months12");
  const [by, setBy] = createSignal<Step>("month");
  const [own, setOwn] = createSignal<Days>(brought ? { from: search.from ?? "", to: search.to ?? "" } : {});
  const zone = ownZone();
  const input = createMemo(() => {
    const { from, to } = preset() === "own" ? own() : daysOf(preset(), todayIn(zone));
    return { zone, by: by(), ...(from ? { from } : {}), ...(to ? { to } : {}) };
  });
  const setPreset = (next: Preset) => {
    if (next === "own") setOwn(daysOf(preset(), todayIn(zone)));
    choose(next);
    setBy(usual(next));
  };
  return { preset, setPreset, by, setBy, own, setOwn, input, zone };
};

export type Period = ReturnType<typeof createPeriod>;

/** Chooses the period and what it is divided into. */
export const PeriodChoice = (props: { period: Period }) => {
  const t = useText("reports");
  const steps = ["day", "month", "year"] as const;
  return (
    <div class="mb-5 flex flex-wrap items-end gap-4">
      <Select
        class="w-48"
        label={t("period.label")}
        value={props.period.preset()}
        options={presets.map((value) => ({ value, label: t(`period.${value}`) }))}
        onValue={props.period.setPreset}
      />
      <Show when={props.period.preset() === "own"}>
        <TextInput
          class="w-40"
          type="date"
          label={t("period.from")}
          value={props.period.own().from ?? ""}
          onValue={(from) => props.period.setOwn({ ...props.period.own(), from })}
        />
        <TextInput
          class="w-40"
          type="date"
          label={t("period.to")}
          value={props.period.own().to ?? ""}
          onValue={(to) => props.period.setOwn({ ...props.period.own(), to })}
        />
      </Show>
      <Segmented
        showLabel
        label={t("period.by")}
        value={props.period.by()}
        options={steps.map((value) => ({ value, label: t(`period.${value}`) }))}
        onValue={props.period.setBy}
      />
      <p class="pb-2 text-xs text-muted">{t("period.zone", { zone: zoneTime(props.period.zone) })}</p>
    </div>
  );
};
