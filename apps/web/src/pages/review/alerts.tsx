import { Card } from "@evx/ui";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import type { Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type Alert = Answer<typeof api.verification.review.byId>["alerts"][number];

const wordsOf = ({ kind, trade }: Alert) => {
  if (kind === "gift") return "review.alertGift";
  if (kind === "pair") return "review.alertPair";
  return trade?.bought ? "review.alertBought" : "review.alertSold";
};

/** Signs that who decides was bought, or decides for the same person too often. */
export const Alerts = (props: { alerts: Alert[] }) => {
  const t = useText("review");
  const f = useFormat();
  return (
    <Show when={props.alerts.length > 0}>
      <Card title={t("review.alertsTitle")}>
        <ul class="grid gap-2 text-sm">
          <For each={props.alerts}>
            {(alert) => (
              <li class="text-negative">
                {t(wordsOf(alert), {
                  auditor: alert.reviewerName,
                  owner: alert.ownerName,
                  when: f.relative(alert.raisedAt),
                  price: alert.trade ? f.money(alert.trade.price, alert.trade.currency) : "",
                  market: alert.trade?.marketPrice
                    ? f.money(alert.trade.marketPrice, alert.trade.currency)
                    : t("review.marketUnknown"),
                })}
              </li>
            )}
          </For>
        </ul>
      </Card>
    </Show>
  );
};
