import { Card, StatusDot, type Tone } from "@evx/ui";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import type { Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type Picture = Answer<typeof api.verification.review.byId>["odometer"];

const tones: Record<"matches" | "gap" | "excess", Tone> = {
  matches: "positive",
  gap: "info",
  excess: "negative",
};

/** Stretch by stretch: what the odometer moved, and what the trips claim of it. */
export const Odometer = (props: { picture: Picture; zone: string }) => {
  const t = useText("review");
  const f = useFormat();
  const stretches = () => props.picture?.stretches ?? [];
  const most = () => Math.max(1, ...stretches().flatMap(({ drivenKm, tripsKm }) => [drivenKm, tripsKm]));
  const bar = (km: number, tone: string) => (
    <span aria-hidden="true" class="block h-1.5 overflow-hidden rounded-full bg-sunken">
      <span class={`block h-full rounded-full ${tone}`} style={{ width: `${(km / most()) * 100}%` }} />
    </span>
  );
  return (
    <Card
      title={t("review.odometerTitle")}
      subtitle={stretches().length > 0 ? t("review.odometerLead") : undefined}
    >
      <Show when={(props.picture?.contradictions ?? 0) > 0}>
        <div class="mb-4 grid gap-1 text-xs text-negative" role="note">
          <p>{t("review.odometerFalls", { count: props.picture?.contradictions ?? 0 })}</p>
          <ul class="text-muted">
            <For each={props.picture?.falls ?? []}>
              {(fall) => (
                <li>
                  {t("review.odometerFall", {
                    date: f.date(fall.at, props.zone),
                    km: f.km(fall.km),
                    before: f.km(fall.beforeKm),
                  })}
                </li>
              )}
            </For>
          </ul>
        </div>
      </Show>
      <Show when={stretches().length > 0} fallback={<p class="text-muted">{t("review.odometerNone")}</p>}>
        <ul class="grid gap-4">
          <For each={stretches()}>
            {(stretch) => (
              <li class="grid gap-1.5">
                <span class="flex flex-wrap items-center justify-between gap-2 text-xs text-muted">
                  {f.date(stretch.from, props.zone)} – {f.date(stretch.to, props.zone)}
                  <StatusDot tone={tones[stretch.verdict]}>
                    {t(`review.verdict.${stretch.verdict}`)}
                  </StatusDot>
                </span>
                <span class="grid grid-cols-[6.5rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 text-xs">
                  <span class="text-muted">{t("review.odometerDriven")}</span>
                  {bar(stretch.drivenKm, "bg-line-strong")}
                  <span data-figure>{f.km(stretch.drivenKm)}</span>
                  <span class="text-muted">{t("review.odometerTrips")}</span>
                  {bar(stretch.tripsKm, stretch.verdict === "excess" ? "bg-negative" : "bg-accent")}
                  <span data-figure>{f.km(stretch.tripsKm)}</span>
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Card>
  );
};
