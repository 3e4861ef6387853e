import { Button, Card } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";

const PlanDialog = part(() => import("./plan-dialog.tsx"));

/** Whether a balance is sent to the bank by itself, how often and from how much on. */
export const PayoutPlan = (props: { currency: string; ways: readonly string[] }) => {
  const m = useText("money");
  const f = useFormat();
  const client = useQueryClient();
  const [asking, setAsking] = createSignal(false);
  const [error, setError] = createSignal<unknown>(null);
  const query = useQuery(api.payments.plan.queryOptions());
  const end = async () => {
    setError(null);
    try {
      await api.payments.endPlan.call();
      await client.invalidateQueries({ queryKey: api.payments.plan.key() });
      void notify.success(m("plan.ended"));
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <Card class="mb-6" title={m("plan.title")}>
      <Loaded query={query}>
        {(data) => (
          <div class="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
            <div class="min-w-0 max-w-prose">
              <Show when={data().plan} fallback={<p class="text-muted">{m("plan.none")}</p>}>
                {(plan) => (
                  <>
                    <p>
                      {m(`plan.${plan().every}`, {
                        minimum: f.money(plan().minimum, plan().currency),
                        account: plan().bankAccountMasked,
                      })}
                    </p>
                    <p class="text-sm text-muted">{m("plan.waits")}</p>
                  </>
                )}
              </Show>
            </div>
            <div class="flex flex-wrap gap-3">
              <Button size="sm" variant="secondary" onClick={() => setAsking(true)}>
                {data().plan ? m("plan.change") : m("plan.set")}
              </Button>
              <Show when={data().plan}>
                <Button size="sm" variant="quiet" onClick={() => void end()}>
                  {m("plan.end")}
                </Button>
              </Show>
            </div>
          </div>
        )}
      </Loaded>
      <Show when={error()}>{(thrown) => <Failure error={thrown()} />}</Show>
      <Show when={asking()}>
        <PlanDialog currency={props.currency} ways={props.ways} open={asking()} onOpen={setAsking} />
      </Show>
    </Card>
  );
};
