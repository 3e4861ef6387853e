import { Button, Card, EmptyState, LinkButton, Table } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery, useQuery } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { readAs } from "../../lib/asked.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { useRowColumns } from "./row-columns.tsx";
import { type Asked, asks, filters, inputOf, isFiltered } from "./search.ts";
import type { Row } from "./words.ts";

/** Beside the rows, not before them. */
const Filters = part(() => import("./filters.tsx"));
const Chosen = part(() => import("./chosen.tsx"), "mb-3 min-h-11 sm:min-h-9");
const MarketPrice = part(() => import("./market-price.tsx"));
const SaveSearch = part(() => import("../watching/save-search.tsx"));

/** What can be bought or bid on now, for anyone. Filters live in the address, so a search can be shared. */
export default function Marketplace() {
  const t = useText("marketplace");
  const f = useFormat();
  const session = useSession();
  const [asked, setAsked] = useSearchParams<Asked>();
  const [shown, setShown] = createSignal(false);
  const listings = useInfiniteQuery(api.marketplace.listings.search.pageOptions(() => inputOf(asked)));
  for (const name of asks) readAs(asked, name, () => (name in inputOf(asked) ? name : undefined));
  const clear = () => setAsked(Object.fromEntries(filters.map((name) => [name, ""])));
  const trends = useQuery(api.pricing.trends.with({ staleTime: 60_000 }).queryOptions());
  const facets = useQuery(api.marketplace.listings.facets.with({ staleTime: 60_000 }).queryOptions());
  /** How much is for sale, in how many listings, as the page's sentence. */
  const heading = () => {
    const supply = trends.isSuccess ? Number(trends.data.supply) : 0;
    const count = facets.isSuccess
      ? Object.values(facets.data.counts.types).reduce((sum, listings) => sum + listings, 0)
      : 0;
    if (supply === 0 || count === 0) return t("list.heading");
    const credits = f.number(supply, { maximumSignificantDigits: supply < 1_000 ? 4 : 6 });
    return t.n("list.forSale", count, { credits });
  };

  /** What is at fixed prices on the page of a row: one question for all of them. */
  const pageOf = (id: Row["id"]): Row["id"][] => {
    const page = listings.isSuccess
      ? listings.data.pages.find(({ items }) => items.some((row) => row.id === id))
      : undefined;
    return (page?.items ?? [])
      .filter(({ listingType }) => listingType === "fixed")
      .map((row) => row.id)
      .slice(0, 50);
  };

  const columns = useRowColumns(pageOf);

  return (
    <Page
      title={t("list.title")}
      heading={
        <span class="block min-h-[2lh] max-w-[17ch] text-balance sm:text-[3.5rem]/[1.08]">{heading()}</span>
      }
      actions={
        <>
          <div class="me-2 min-h-21 w-full sm:w-[30rem]">
            <MarketPrice />
          </div>
          <Button
            variant="secondary"
            class="lg:hidden"
            aria-expanded={shown()}
            aria-controls="filters"
            onClick={() => setShown((was) => !was)}
          >
            {shown() ? t("filter.hide") : isFiltered(asked) ? t("filter.showSet") : t("filter.show")}
          </Button>
          <LinkButton href="/buy" variant={session.framedFor() === "ev_owner" ? "secondary" : "primary"}>
            {t("list.sweep")}
          </LinkButton>
          <Show when={session.userId() && isFiltered(asked)}>
            <SaveSearch input={inputOf(asked)} />
          </Show>
          <Show when={session.framedFor() === "ev_owner"}>
            <LinkButton href="/owner/listings/new">{t("list.sell")}</LinkButton>
          </Show>
        </>
      }
    >
      <div class="grid items-start gap-6 lg:grid-cols-[11.5rem_minmax(0,1fr)]">
        <div class="max-lg:contents lg:sticky lg:top-20">
          <Filters asked={asked} onAsk={setAsked} shown={shown()} />
        </div>
        <Card>
          <Chosen asked={asked} names={filters} onAsk={setAsked} />
          <LoadedPages query={listings}>
            {(rows) => (
              <Table
                class="[&_tbody_tr]:relative [&_tbody_tr]:hover:bg-sunken/60"
                caption={t("list.title")}
                columns={columns()}
                rows={rows()}
                empty={
                  <Show
                    when={isFiltered(asked)}
                    fallback={<EmptyState title={t("list.none")}>{t("list.noneBody")}</EmptyState>}
                  >
                    <EmptyState
                      title={t("list.noMatch")}
                      action={
                        <Button variant="secondary" onClick={clear}>
                          {t("list.clear")}
                        </Button>
                      }
                    >
                      {t("list.noMatchBody")}
                    </EmptyState>
                  </Show>
                }
              />
            )}
          </LoadedPages>
        </Card>
      </div>
    </Page>
  );
}
