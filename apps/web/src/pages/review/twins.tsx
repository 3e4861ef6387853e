import { Card } from "@evx/ui";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import type { Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

/** The same trips at other vehicles, and copies of their order: what a reviewer must know before deciding. */
export const Twins = (props: { twins: Answer<typeof api.verification.review.byId>["twins"] }) => {
  const t = useText("review");
  const f = useFormat();
  const told = () => props.twins.trips > 0 || props.twins.shapes.elsewhere >= 3;
  return (
    <Show when={told()}>
      <Card title={t("review.twinsTitle")} subtitle={props.twins.copied ? t("review.twinsRule") : undefined}>
        <div class="grid gap-2 text-sm">
          <Show when={props.twins.trips > 0}>
            <p class="text-negative">{t("review.twins", { trips: f.number(props.twins.trips) })}</p>
            <ul class="grid gap-1 text-xs text-muted">
              <For each={props.twins.others}>
                {(other) => (
                  <li class="break-all">
                    {t("review.twinOf", {
                      owner: other.ownerName,
                      trips: f.number(other.trips),
                      vehicle: other.vehicleId,
                    })}
                  </li>
                )}
              </For>
            </ul>
          </Show>
          <Show when={props.twins.shapes.elsewhere >= 3}>
            <p>
              {t("review.shapes", {
                own: f.number(props.twins.shapes.own),
                elsewhere: f.number(props.twins.shapes.elsewhere),
              })}
            </p>
          </Show>
        </div>
      </Card>
    </Show>
  );
};
