import { Card, StatusDot } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";

type Found = {
  database: string;
  worker: "working" | "partly" | "silent";
  workers: { known: number; working: number };
  jobs: { failed: number; unknown: number };
  uptime: number;
};

/** What the product says of itself; the page asks again each half minute. A server that does not answer is told too. */
export const Health = () => {
  const t = useText("home");
  const f = useFormat();
  const health = useQuery<Found>(() => ({
    queryKey: ["health"],
    refetchInterval: 30_000,
    queryFn: async () => (await fetch("/health")).json(),
  }));
  const rows = (found: Found) => [
    {
      name: t("health.web"),
      good: true,
      said: t("health.up", { since: f.relative(new Date(Date.now() - found.uptime * 1000)) }),
    },
    {
      name: t("health.database"),
      good: found.database === "connected",
      said: t(found.database === "connected" ? "health.answers" : "health.silent"),
    },
    {
      name: t("health.workers"),
      good: found.worker === "working",
      said: t("health.working", {
        working: f.number(found.workers.working),
        known: f.number(found.workers.known),
      }),
    },
    {
      name: t("health.jobs"),
      good: found.jobs.failed + found.jobs.unknown === 0,
      said:
        found.jobs.failed + found.jobs.unknown === 0
          ? t("health.noneFailed")
          : t.n("health.failed", found.jobs.failed + found.jobs.unknown),
    },
  ];
  return (
    <Card title={t("health.title")}>
      <Show
        when={health.data}
        fallback={<p class="text-muted">{t(health.isError ? "health.unreachable" : "health.asking")}</p>}
      >
        {(found) => (
          <ul class="divide-y divide-line">
            <For each={rows(found())}>
              {(row) => (
                <li class="flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-1 py-1.5">
                  <span class="font-semibold">{row.name}</span>
                  <StatusDot tone={row.good ? "positive" : "negative"}>{row.said}</StatusDot>
                </li>
              )}
            </For>
          </ul>
        )}
      </Show>
    </Card>
  );
};
