import { Card, cx, Skeleton, StatusDot } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type Found = {
  database: string;
  worker: "working" | "partly" | "silent";
  workers: { known: number; working: number };
  jobs: { failed: number; unknown: number };
  uptime: number;
};

/** What the product says of itself; asked again each half minute. */
export const useHealth = () =>
  useQuery<Found>(() => ({
    queryKey: ["health"],
    refetchInterval: 30_000,
    queryFn: async () => (await fetch("/health")).json(),
  }));

/** The parts that must answer. A job that failed waits for a decision, and is no part that is down. */
export const partsOf = (found: Found) =>
  [
    { part: "web", good: true },
    { part: "database", good: found.database === "connected" },
    { part: "workers", good: found.worker === "working" },
    { part: "jobs", good: found.jobs.unknown === 0 },
  ] as const;

/** What answers now, and how the last ninety days went. A server that does not answer is told too. */
export const Health = () => {
  const t = useText("home");
  const f = useFormat();
  const health = useHealth();
  const said = (part: ReturnType<typeof partsOf>[number]["part"], found: Found): string => {
    if (part === "web")
      return found.uptime < 60
        ? t("health.new")
        : t("health.up", { since: f.relative(new Date(Date.now() - found.uptime * 1000)) });
    if (part === "database") return t(found.database === "connected" ? "health.answers" : "health.silent");
    if (part === "jobs")
      return found.jobs.unknown === 0 ? t("health.taken") : t.n("health.untaken", found.jobs.unknown);
    return t("health.working", {
      working: f.number(found.workers.working),
      known: f.number(found.workers.known),
    });
  };
  return (
    <Card title={t("health.title")}>
      <Days />
      <Show
        when={health.data}
        fallback={<p class="text-muted">{t(health.isError ? "health.unreachable" : "health.asking")}</p>}
      >
        {(found) => (
          <ul class="divide-y divide-line">
            <For each={partsOf(found())}>
              {({ part, good }) => (
                <li class="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 py-1">
                  <span class="font-semibold">{t(`health.${part}`)}</span>
                  <StatusDot tone={good ? "positive" : "negative"}>{said(part, found())}</StatusDot>
                </li>
              )}
            </For>
          </ul>
        )}
      </Show>
    </Card>
  );
};

type Day = Answer<typeof api.jobs.health>["days"][number];

const shown = 90;

/** A restart takes a minute or two, and is no trouble. */
const isBad = (day: Day): boolean => day.missing > 2 || day.wrong > 2;

/** A bar a day, filled from below by the share of its minutes that went well; days before the record are empty. */
const Days = () => {
  const t = useText("home");
  const f = useFormat();
  const record = useQuery(api.jobs.health.queryOptions());
  const bad = () => record.data?.days.filter(isBad) ?? [];
  const sentence = () => {
    const count = record.data?.days.length ?? 0;
    return bad().length > 0
      ? t.n("health.bad", count, { bad: f.number(bad().length) })
      : t.n("health.days", count);
  };
  const told = (day: Day): string =>
    isBad(day)
      ? t("health.dayBad", {
          day: f.days(day.day, day.day),
          missing: f.number(day.missing),
          wrong: f.number(day.wrong),
        })
      : t("health.dayWell", { day: f.days(day.day, day.day) });
  return (
    <Show when={record.data} fallback={<Skeleton class="mb-3 h-24 w-full" />}>
      {(found) => (
        <div class="mb-3">
          <p class={cx("font-semibold", bad().length > 0 && "text-negative")}>
            {found().since ? sentence() : t("health.begins")}
          </p>
          <div class="mt-2 flex h-8 gap-px" aria-hidden="true">
            <For each={Array.from({ length: shown - found().days.length })}>
              {() => <span class="min-w-0 flex-1 bg-sunken" />}
            </For>
            <For each={found().days}>{(day) => <Bar day={day} title={told(day)} />}</For>
          </div>
          <ul class="sr-only">
            <For each={bad()}>{(day) => <li>{told(day)}</li>}</For>
          </ul>
          <Show when={found().since}>
            {(since) => (
              <p class="mt-1.5 text-xs text-muted">
                {found().days.length < shown
                  ? t("health.since", { day: f.date(since()) })
                  : t("health.last90")}
              </p>
            )}
          </Show>
        </div>
      )}
    </Show>
  );
};

/** At least a sixth of the bar for any trouble: a minute of 1,440 would not be seen. */
const Bar = (props: { day: Day; title: string }) => {
  const lost = () =>
    isBad(props.day)
      ? Math.max(1 / 6, Math.min(1, (props.day.missing + props.day.wrong) / Math.max(1, props.day.minutes)))
      : 0;
  return (
    <span class="flex min-w-0 flex-1 flex-col" title={props.title}>
      <span class="bg-negative" style={{ height: `${lost() * 100}%` }} />
      <span class="grow bg-accent" />
    </span>
  );
};
