import { Card } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import type { Payment } from "./words.ts";

type Happening = Answer<typeof api.payments.timeline>["items"][number];

/** What became of a payment, one line for each thing that happened, oldest first. */
export const Happenings = (props: { items: readonly Happening[] }) => {
  const t = useText("money");
  const f = useFormat();
  const words = (item: Happening) =>
    item.kind === "page_opened"
      ? t("timeline.page_opened", { method: item.method ? t(`method.${item.method}`) : "" })
      : t(`timeline.${item.kind}`);
  return (
    <ol class="divide-y divide-line">
      <For each={props.items}>
        {(item) => (
          <li class="flex justify-between gap-x-6 py-2.5">
            <div class="min-w-0">
              <p>{words(item)}</p>
              <p class="text-xs text-muted">
                <time datetime={item.at}>{f.dateTime(item.at)}</time>
                <Show when={item.kind === "page_opened" && item.detail && item.currency}>
                  {(currency) => (
                    <>
                      {"; "}
                      {t("timeline.rate", { rate: f.money(item.detail ?? "", currency()) })}
                    </>
                  )}
                </Show>
              </p>
            </div>
            <Show when={item.amount && item.currency}>
              <span data-figure class="whitespace-nowrap">
                {f.money(item.amount ?? "", item.currency ?? "")}
              </span>
            </Show>
          </li>
        )}
      </For>
    </ol>
  );
};

/** The timeline of an order's payment, as a sheet of its own. */
export const PaymentTimeline = (props: { orderId: Payment["orderId"] }) => {
  const t = useText("money");
  const query = useQuery(api.payments.timeline.queryOptions(() => ({ orderId: props.orderId })));
  return (
    <Card class="mt-6" title={t("timeline.title")}>
      <Loaded query={query}>{(data) => <Happenings items={data().items} />}</Loaded>
    </Card>
  );
};
