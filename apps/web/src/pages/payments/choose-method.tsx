import { Button, RadioCards } from "@evx/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import type { Payment } from "./words.ts";

type Method = Answer<typeof api.payments.methods>["items"][number];

/** The ways to pay, each with what it will charge and at which rate; the buyer sees it before they leave for its page. */
export const ChooseMethod = (props: { payment: Payment; again: boolean }) => {
  const t = useText("payments");
  const f = useFormat();
  const client = useQueryClient();
  const [chosen, setChosen] = createSignal<Method["method"] | null>(
    props.payment.method === "balance" ? null : props.payment.method,
  );
  const methods = useQuery(api.payments.methods.queryOptions(() => ({ orderId: props.payment.orderId })));
  const pay = useMutation(
    api.payments.checkout.mutationOptions({
      onSuccess: ({ redirectUrl }) => location.assign(redirectUrl),
      // Another charge than was shown: the new one is shown first.
      onError: () => void client.invalidateQueries({ queryKey: api.payments.methods.key() }),
    }),
  );
  const rateOf = ({ rate, currency }: Method): string => {
    if (rate === null) return "";
    const said = { rate: f.money(rate, currency), unit: f.money("1", props.payment.currency) };
    return t("pay.rate", said);
  };
  const hintOf = (item: Method): string =>
    [t(`pay.hint.${item.method}`), rateOf(item)].filter(Boolean).join(" ");

  return (
    <Loaded query={methods}>
      {(data) => {
        const items = () => data().items;
        const one = () => items().find(({ method }) => method === chosen()) ?? items()[0];
        return (
          <Show when={one()} fallback={<p class="text-muted">{t("pay.noMethod")}</p>}>
            {(item) => (
              <div class="grid gap-5">
                <RadioCards
                  label={t("pay.choose")}
                  value={item().method}
                  options={items().map((each) => ({
                    value: each.method,
                    label: t("pay.option", {
                      method: t(`pay.method.${each.method}`),
                      amount: f.money(each.amount, each.currency),
                    }),
                    hint: hintOf(each),
                  }))}
                  onValue={setChosen}
                />
                <Show when={pay.error}>{(error) => <Failure error={error()} />}</Show>
                <Button
                  class="justify-self-start"
                  busy={pay.isPending || pay.isSuccess}
                  onClick={() => {
                    const { method, amount, currency } = item();
                    pay.mutate({ orderId: props.payment.orderId, method, shown: { amount, currency } });
                  }}
                >
                  {props.again
                    ? t("pay.again")
                    : t(`pay.now.${item().method}`, { amount: f.money(item().amount, item().currency) })}
                </Button>
              </div>
            )}
          </Show>
        );
      }}
    </Loaded>
  );
};
