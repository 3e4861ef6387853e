import { riskSentence } from "@evx/review/schema";
import { Card, type Tone } from "@evx/ui";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import type { Answer, api } from "../../lib/api.ts";
import { currentLocale } from "../../lib/locale.ts";

type Request = Answer<typeof api.verification.review.byId>["request"];

export const toneOfRisk: Record<Request["riskLevel"], Tone> = {
  low: "positive",
  medium: "warning",
  high: "negative",
};

/** Why a request stands where it does in the queue: each fact with its points. */
export const RiskReasons = (props: { request: Request }) => {
  const t = useText("review");
  return (
    <Card title={t("review.riskTitle")} subtitle={`${props.request.riskScore}/100`}>
      <Show
        when={props.request.riskReasons.length > 0}
        fallback={<p class="text-muted">{t("review.riskNone")}</p>}
      >
        <ul class="divide-y divide-line">
          <For each={props.request.riskReasons}>
            {(reason) => (
              <li class="flex items-baseline justify-between gap-4 py-2">
                <span class="min-w-0">{riskSentence(reason, currentLocale())}</span>
                <span class="shrink-0 text-xs text-muted" data-figure>
                  {t("review.points", { points: reason.points })}
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Card>
  );
};
