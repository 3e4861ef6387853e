import { Card, DescriptionList, EmptyState, TextLink } from "@evx/ui";
import { useParams } from "@solidjs/router";
import { useInfiniteQuery, useQuery } from "@tanstack/solid-query";
import { For } from "solid-js";
import { Loaded, LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type SellerId = Answer<typeof api.marketplace.listings.byId>["sellerId"];

/** A seller's record of sales and what they have on the market now. */
export default function Seller() {
  const t = useText("watching");
  const f = useFormat();
  const params = useParams<{ id: string }>();
  const id = () => params.id as SellerId;
  const query = useQuery(api.marketplace.listings.seller.queryOptions(() => ({ id: id() })));
  const listings = useInfiniteQuery(
    api.marketplace.listings.search.pageOptions(() => ({ limit: 24, seller: id() })),
  );
  const day = (at: string | null) => (at ? f.date(at) : t("seller.never"));
  return (
    <Page
      title={query.isSuccess ? query.data.seller.name : t("seller.title")}
      above={t("seller.title")}
      lead={t("seller.lead")}
      narrow
    >
      <Loaded query={query}>
        {(data) => (
          <div class="grid gap-6">
            <Card>
              <DescriptionList
                items={[
                  { label: t("seller.sold"), value: f.credits(data().seller.creditsSold) },
                  { label: t("seller.sales"), value: f.number(data().seller.sales) },
                  { label: t("seller.buyers"), value: f.number(data().seller.buyers) },
                  { label: t("seller.first"), value: day(data().seller.firstSaleAt) },
                  { label: t("seller.last"), value: day(data().seller.lastSaleAt) },
                  { label: t("seller.disputed"), value: f.number(data().seller.disputed) },
                  { label: t("seller.refunded"), value: f.number(data().seller.refunded) },
                ]}
              />
            </Card>
            <Card title={t("seller.listings")}>
              <LoadedPages query={listings}>
                {(rows) => (
                  <ul class="divide-y divide-line">
                    <For
                      each={rows()}
                      fallback={
                        <li>
                          <EmptyState title={t("seller.nothing")}>{t("seller.nothingBody")}</EmptyState>
                        </li>
                      }
                    >
                      {(row) => (
                        <li class="flex flex-wrap items-baseline justify-between gap-x-4 py-2.5">
                          <TextLink href={`/marketplace/${row.id}`}>
                            {f.credits(row.creditsRemaining)}, {f.country(row.country)}, {row.vintage}
                          </TextLink>
                          <span data-figure>
                            {f.money(row.currentBid ?? row.pricePerCredit, row.currency)}
                          </span>
                        </li>
                      )}
                    </For>
                  </ul>
                )}
              </LoadedPages>
            </Card>
          </div>
        )}
      </Loaded>
    </Page>
  );
}
