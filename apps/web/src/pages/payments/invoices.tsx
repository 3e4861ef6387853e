import { Card, TextLink } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import type { Payment } from "./words.ts";

/** Invoices and credit notes of an order, each as a paper in the reader's language and as UBL. */
export const OrderInvoices = (props: { orderId: Payment["orderId"] }) => {
  const t = useText("money");
  const f = useFormat();
  const query = useQuery(api.invoices.list.queryOptions(() => ({ orderId: props.orderId, limit: 50 })));
  const address = (number: string, format: "pdf" | "xml" | "vietnam") =>
    `/api/invoices/${number}?format=${format}&locale=${f.locale()}`;
  return (
    <Show when={query.data?.items.length ? query.data.items : null}>
      {(items) => (
        <Card class="mt-6" title={t("invoices.title")}>
          <ul class="divide-y divide-line">
            <For each={items()}>
              {(item) => (
                <li class="flex flex-wrap justify-between gap-x-6 gap-y-1 py-2.5">
                  <div class="min-w-0">
                    <p>
                      {t(`invoices.${item.kind}`)} <span data-figure>{item.number}</span>
                    </p>
                    <p class="text-xs text-muted">{f.dateTime(item.issuedAt)}</p>
                  </div>
                  <div class="flex flex-wrap gap-x-5 gap-y-6 max-sm:py-3">
                    <span data-figure>{f.money(item.total, item.currency)}</span>
                    <TextLink rel="external" href={address(item.number, "pdf")} download="">
                      {t("invoices.pdf")}
                    </TextLink>
                    <TextLink rel="external" href={address(item.number, "xml")} download="">
                      {t("invoices.xml")}
                    </TextLink>
                    <TextLink rel="external" href={address(item.number, "vietnam")} download="">
                      {t("invoices.vietnam")}
                    </TextLink>
                  </div>
                </li>
              )}
            </For>
          </ul>
        </Card>
      )}
    </Show>
  );
};
