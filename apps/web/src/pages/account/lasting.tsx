import { Button, Card } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";

type One = Answer<typeof api.identity.lasting>["items"][number];

/** How each is ended. */
const ends: Record<One["kind"], (one: One) => Promise<unknown>> = {
  phone: () => api.notifications.dropPhone.call(),
  payout_plan: () => api.payments.endPlan.call(),
  auto_sale: () => api.marketplace.wanted.setAutoSale.call({ on: false }),
  car_token: ({ id, vehicleId }) => api.vehicles.revokePushToken.call({ id: vehicleId ?? "", tokenId: id }),
  connection: ({ id }) => api.connections.end.call({ id }),
  driver: ({ id }) => api.driving.end.call({ driverId: id }),
};

/** What acts for a person, or is told of them, when every session has ended: each with a press that ends it. */
export const Lasting = () => {
  const t = useText("identity");
  const f = useFormat();
  const client = useQueryClient();
  const lasting = useQuery(api.identity.lasting.queryOptions());
  const [busy, setBusy] = createSignal<One | null>(null);
  const [failed, setFailed] = createSignal<unknown>(null);
  const end = async (one: One) => {
    setBusy(one);
    setFailed(null);
    try {
      await ends[one.kind](one);
      await client.invalidateQueries({ queryKey: api.identity.lasting.key() });
      void notify.success(t("lasting.ended"));
    } catch (error) {
      setFailed(error);
    } finally {
      setBusy(null);
    }
  };
  return (
    <Card title={t("lasting.title")} subtitle={t("lasting.lead")}>
      <Loaded query={lasting}>
        {(data) => (
          <>
            <Show when={data().items.length > 0} fallback={<p class="text-muted">{t("lasting.none")}</p>}>
              <ul class="divide-y divide-line">
                <For each={data().items}>
                  {(one) => (
                    <li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
                      <div class="min-w-0 wrap-anywhere">
                        <p class="font-medium">
                          {t(`lasting.${one.kind}`, { title: one.title, note: one.note ?? "" })}
                        </p>
                        <Show when={one.since}>
                          {(since) => (
                            <p class="text-[0.8125rem] text-muted">
                              {t("lasting.since", { date: f.date(since()) })}
                            </p>
                          )}
                        </Show>
                      </div>
                      <Button
                        variant="secondary"
                        size="sm"
                        busy={busy() === one}
                        onClick={() => void end(one)}
                      >
                        {t("lasting.end")}
                      </Button>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
            <Show when={failed()}>{(error) => <Failure error={error()} />}</Show>
          </>
        )}
      </Loaded>
    </Card>
  );
};
