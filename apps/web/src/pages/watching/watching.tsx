import { Button, Card, type Column, EmptyState, LinkButton, Table, TextLink } from "@evx/ui";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Loaded, LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

type Row = Answer<typeof api.marketplace.listings.watched>["items"][number];
type Search = Answer<typeof api.marketplace.searches.list>["items"][number];

/** What somebody keeps an eye on: listings, and searches that tell of what is new. */
export default function Watching() {
  const t = useText("watching");
  const client = useQueryClient();
  const searches = useQuery(api.marketplace.searches.list.queryOptions());
  const forget = async (id: Search["id"]) => {
    await api.marketplace.searches.forget.call({ id });
    await client.invalidateQueries({ queryKey: api.marketplace.searches.list.key() });
  };
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div class="grid gap-6">
        <Card title={t("listings.title")}>
          <Watched />
        </Card>
        <Card title={t("searches.title")}>
          <Loaded query={searches}>
            {(data) => (
              <ul class="divide-y divide-line">
                <For
                  each={data().items}
                  fallback={
                    <li>
                      <EmptyState title={t("searches.none")} action={<ToMarket />}>
                        {t("searches.noneBody")}
                      </EmptyState>
                    </li>
                  }
                >
                  {(search) => (
                    <li class="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-2.5">
                      <span class="min-w-0">
                        <TextLink href={`/marketplace?${new URLSearchParams(search.filter)}`}>
                          {search.name}
                        </TextLink>
                        <span class="block text-xs text-muted">
                          {search.alerts ? t("searches.alerts") : t("searches.silent")}
                        </span>
                      </span>
                      <Button variant="secondary" size="sm" onClick={() => void forget(search.id)}>
                        {t("searches.delete")}
                      </Button>
                    </li>
                  )}
                </For>
              </ul>
            )}
          </Loaded>
        </Card>
      </div>
    </Page>
  );
}

const Watched = () => {
  const t = useText("watching");
  const f = useFormat();
  const list = useInfiniteQuery(api.marketplace.listings.watched.pageOptions(() => ({ limit: 25 })));
  const columns = (): Column<Row>[] => [
    {
      key: "credits",
      header: t("column.credits"),
      lead: true,
      cell: (row) => (
        <div>
          <TextLink href={`/marketplace/${row.id}`}>{f.credits(row.creditsAmount)}</TextLink>
          <span class="block text-xs text-muted">
            {f.country(row.country)}, {row.vintage}
          </span>
        </div>
      ),
    },
    {
      key: "state",
      header: t("column.state"),
      cell: (row) => (
        <div>
          <span class="block">{t(`state.${row.status}`)}</span>
          <Show when={row.status === "active" && (row.auctionEndTime ?? row.expiresAt)}>
            {(end) => (
              <span class="block text-xs text-muted">{t("state.ends", { when: f.relative(end()) })}</span>
            )}
          </Show>
        </div>
      ),
    },
    {
      key: "price",
      header: t("column.price"),
      align: "end",
      cell: (row) => (
        <span class="font-semibold" data-figure>
          {f.money(row.currentBid ?? row.pricePerCredit, row.currency)}
        </span>
      ),
    },
  ];
  return (
    <LoadedPages query={list}>
      {(rows) => (
        <Table
          caption={t("listings.title")}
          columns={columns()}
          rows={rows()}
          empty={
            <EmptyState title={t("listings.none")} action={<ToMarket />}>
              {t("listings.noneBody")}
            </EmptyState>
          }
        />
      )}
    </LoadedPages>
  );
};

/** The way on from an empty list. */
const ToMarket = () => {
  const t = useText("watching");
  return (
    <LinkButton href="/marketplace" variant="secondary" size="sm">
      {t("toMarket")}
    </LinkButton>
  );
};
