import { Card, TextLink } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import WatchButton from "./watch-button.tsx";

type Detail = Answer<typeof api.marketplace.listings.byId>;

/** What stands beside a listing: alike ones, its former prices, its seller's record, and a way to watch it. */
export default function Beside(props: { listing: Pick<Detail, "id" | "sellerId"> }) {
  const t = useText("watching");
  const f = useFormat();
  const session = useSession();
  const similar = useQuery(api.marketplace.listings.similar.queryOptions(() => ({ id: props.listing.id })));
  const found = () => (similar.isSuccess ? similar.data : undefined);
  return (
    <div class="grid gap-6">
      <p class="flex flex-wrap items-start gap-x-6 gap-y-3">
        <Show when={session.userId() && session.userId() !== props.listing.sellerId}>
          <WatchButton listingId={props.listing.id} />
        </Show>
        <Show when={found()?.watchers}>
          {(count) => <span class="py-2 text-muted">{t.n("watchers", count())}</span>}
        </Show>
        <span class="py-2">
          <TextLink href={`/sellers/${props.listing.sellerId}`}>{t("seller.link")}</TextLink>
        </span>
      </p>
      <Show when={found()?.formerPrices.length}>
        <Card title={t("former.title")}>
          <ul class="divide-y divide-line">
            <For each={found()?.formerPrices.toReversed()}>
              {(former) => (
                <li class="py-2" data-figure>
                  {t("former.row", {
                    price: f.money(former.pricePerCredit, found()?.currency ?? ""),
                    when: f.dateTime(former.until),
                  })}
                </li>
              )}
            </For>
          </ul>
        </Card>
      </Show>
      <Show when={found()}>
        {(data) => (
          <Card title={t("beside.title")}>
            <ul class="divide-y divide-line">
              <For each={data().items} fallback={<li class="py-2 text-muted">{t("beside.none")}</li>}>
                {(row) => (
                  <li class="flex flex-wrap items-baseline justify-between gap-x-4 py-2">
                    <TextLink href={`/marketplace/${row.id}`}>{f.credits(row.creditsRemaining)}</TextLink>
                    <span data-figure>
                      <Show when={row.listingType === "auction"}>
                        <span class="mr-2 text-xs text-muted">{t("beside.bid")}</span>
                      </Show>
                      {f.money(row.currentBid ?? row.pricePerCredit, row.currency)}
                    </span>
                  </li>
                )}
              </For>
            </ul>
          </Card>
        )}
      </Show>
    </div>
  );
}
