import { Button, Card, type Column, Countdown, EmptyState, LinkButton, Table } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { LoadedPages } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { type Asked, inputOf, isFiltered } from "./search.ts";
import { isNamedMethod, type Row } from "./words.ts";

const BesideMarket = part(() => import("./beside-market.tsx"));
/** Beside the rows, not before them. */
const Filters = part(() => import("./filters.tsx"));
const SaveSearch = part(() => import("../watching/save-search.tsx"));

/** What can be bought or bid on now, for anyone. Filters live in the address, so a search can be shared. */
export default function Marketplace() {
  const t = useText("marketplace");
  const f = useFormat();
  const session = useSession();
  const [asked, setAsked] = useSearchParams<Asked>();
  const [shown, setShown] = createSignal(isFiltered(asked));
  const listings = useInfiniteQuery(api.marketplace.listings.search.pageOptions(() => inputOf(asked)));
  const clear = () =>
    setAsked({ q: "", type: "", country: "", vintage: "", method: "", maxPrice: "", minCredits: "" });

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

  const method = (code: string) => (isNamedMethod(code) ? t(`method.${code}`) : code);

  const columns = (): Column<Row>[] => [
    {
      key: "credits",
      header: t("column.credits"),
      lead: true,
      cell: (row) => (
        <a href={`/marketplace/${row.id}`} class="group block after:absolute after:inset-0">
          <span class="figure text-[1.625rem] group-hover:text-accent" data-figure>
            {f.credits(row.creditsRemaining)}
          </span>
          <Show when={row.creditsRemaining !== row.creditsAmount}>
            <span class="block text-xs text-muted" data-figure>
              {t("row.left", { left: f.number(row.creditsRemaining), all: f.number(row.creditsAmount) })}
            </span>
          </Show>
        </a>
      ),
    },
    {
      key: "origin",
      header: t("column.origin"),
      cell: (row) => (
        <div>
          <span class="block">
            {f.country(row.country)}, {row.vintage}
          </span>
          <span class="block text-xs text-muted">
            {method(row.method)}
            <Show when={row.mixed}> {t("row.mixed")}</Show>
          </span>
          <span class="block text-xs text-muted">
            {row.quality.map((tier) => t(`quality.${tier}`)).join(", ")}
          </span>
          <Show when={row.seller}>
            {(seller) => (
              <span class="block text-xs text-muted wrap-anywhere">
                {t("row.seller", { seller: seller() })}
              </span>
            )}
          </Show>
          <Show when={row.auditor}>
            {(auditor) => (
              <span class="block text-xs text-muted wrap-anywhere">
                {t("row.auditor", { auditor: auditor() })}
              </span>
            )}
          </Show>
        </div>
      ),
    },
    {
      key: "sale",
      header: t("column.sale"),
      cell: (row) => (
        <Show when={row.auctionEndTime} fallback={t("row.fixed")}>
          {(end) => (
            <div>
              <span class="block" data-figure>
                {t("row.ends")} <Countdown until={end()} />
              </span>
              <span class="block text-xs text-muted">{t.n("row.bids", row.bidCount)}</span>
            </div>
          )}
        </Show>
      ),
    },
    {
      key: "price",
      header: t("column.price"),
      align: "end",
      cell: (row) => (
        <div>
          <span class="block font-semibold" data-figure>
            {f.money(row.currentBid ?? row.pricePerCredit, row.currency)}
          </span>
          <span class="block text-xs text-muted" data-figure>
            {t("row.total", { total: f.money(row.remainingTotal, row.currency) })}
          </span>
          <Show when={row.auctionEndTime && row.currentBid === null}>
            <span class="block text-xs text-muted">{t("row.start")}</span>
          </Show>
          {/* Its line is there before its words, so that no row moves. */}
          <span class="block min-h-4 text-xs text-muted" data-figure>
            <BesideMarket id={row.id} page={pageOf(row.id)} />
          </span>
        </div>
      ),
    },
  ];

  return (
    <Page
      title={t("list.title")}
      heading={t("list.heading")}
      lead={t("list.lead")}
      actions={
        <>
          <Button
            variant="secondary"
            class="lg:hidden"
            aria-expanded={shown()}
            aria-controls="filters"
            onClick={() => setShown((was) => !was)}
          >
            {shown() ? t("filter.hide") : t("filter.show")}
          </Button>
          <LinkButton href="/buy" variant={session.role() === "ev_owner" ? "secondary" : "primary"}>
            {t("list.sweep")}
          </LinkButton>
          <Show when={session.userId() && isFiltered(asked)}>
            <SaveSearch input={inputOf(asked)} />
          </Show>
          <Show when={session.role() === "ev_owner"}>
            <LinkButton href="/owner/listings/new">{t("list.sell")}</LinkButton>
          </Show>
        </>
      }
    >
      <div class="grid items-start gap-6 lg:grid-cols-[16.5rem_minmax(0,1fr)]">
        <div class="max-lg:contents lg:sticky lg:top-20">
          <Filters asked={asked} onAsk={setAsked} shown={shown()} />
        </div>
        <Card aria-label={t("list.title")}>
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
