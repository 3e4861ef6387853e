import { Card } from "@evx/ui";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import type { Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

/** Signs that who decides was bought, or decides for the same person too often. */
export const Alerts = (props: { alerts: Answer<typeof api.verification.review.byId>["alerts"] }) => {
  const t = useText("review");
  const f = useFormat();
  return (
    <Show when={props.alerts.length > 0}>
      <Card title={t("review.alertsTitle")}>
        <ul class="grid gap-2 text-sm">
          <For each={props.alerts}>
            {(alert) => (
              <li class="text-negative">
                {t(alert.kind === "gift" ? "review.alertGift" : "review.alertPair", {
                  reviewer: alert.reviewerName,
                  owner: alert.ownerName,
                  when: f.relative(alert.raisedAt),
                })}
              </li>
            )}
          </For>
        </ul>
      </Card>
    </Show>
  );
};
