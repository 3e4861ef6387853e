import { Card, LinkButton, Notice, Skeleton, StatusDot, TextLink } from "@evx/ui";
import { useParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { type Accessor, createSignal, Match, Show, Switch } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { queryClient } from "../../lib/queries.tsx";
import { useSession } from "../../lib/session.ts";
import type { LiveLead } from "./bid-lines.ts";
import type { Detail } from "./words.ts";

const Beside = part(() => import("../watching/beside.tsx"));
const Fair = part(() => import("./fair.tsx"), "min-h-28");
const Auction = part(() => import("./auction.tsx"), "min-h-96");

/** One listing: what it is, where it came from, and how to buy it. Follows every change by itself. */
export default function Listing() {
  const t = useText("listing");
  const params = useParams<{ id: string }>();
  const input = () => ({ id: params.id as Detail["id"] });
  const options = api.marketplace.listings.byId.queryOptions(input);
  const query = useQuery(options);
  const f = useFormat();
  const title = () =>
    query.isSuccess
      ? t("detail.title", {
          credits: f.credits(query.data.creditsAmount),
          country: f.country(query.data.country),
          year: query.data.vintage,
        })
      : t("detail.back");

  // On a phone the offer's parts stand above each other and the rest: what each measures is known once all are there.
  const [offered, setOffered] = createSignal(false);
  void Promise.allSettled(offers.map(({ preload }) => preload())).then(() => setOffered(true));

  const [leads, setLeads] = createSignal<LiveLead[]>([]);
  const [people, setPeople] = createSignal<number | null>(null);
  const state = api.marketplace.listings.watch.subscribe(() => ({ listingId: input().id }), {
    onData: (live) => {
      const { status, creditsRemaining, auction } = live;
      setPeople(live.people ?? null);
      queryClient.setQueryData(options().queryKey, (known: Detail | undefined) => {
        if (!known) return known;
        if (auction && known.auction && auction.bidCount > known.auction.bidCount) {
          setLeads((all) => [{ auction, at: live.now }, ...all].slice(0, 20));
        }
        return { ...known, status, creditsRemaining, auction };
      });
    },
  });

  return (
    <Page
      title={title()}
      heading={<span class="block max-sm:min-h-[2.3em]">{title()}</span>}
      above={<TextLink href="/marketplace">{t("detail.back")}</TextLink>}
      lead={
        <Show
          when={query.isSuccess ? query.data : undefined}
          fallback={query.isPending && <Skeleton class="h-5 w-64 max-w-full" />}
        >
          {(found) => <>{t(`detail.lead.${found().listingType}`, { date: f.date(found().createdAt) })}</>}
        </Show>
      }
    >
      <Loaded query={query}>
        {(listing) => (
          <Show when={offered()} fallback={<div class="min-h-screen" aria-hidden="true" />}>
            <div class="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
              <Show when={listing().auction}>
                {(auction) => <Room listing={listing()} auction={auction()} />}
              </Show>
              <div class="grid min-w-0 gap-6 max-lg:order-2">
                <Show when={listing().auction}>
                  <Auction listing={listing()} live={state()} people={people()} leads={leads()} />
                </Show>
                <Provenance listing={listing()} />
                <Beside listing={listing()} />
              </div>
              <div class="grid min-w-0 gap-4 lg:sticky lg:top-20">
                <Offer listing={listing} onReload={() => void query.refetch()} />
              </div>
            </div>
          </Show>
        )}
      </Loaded>
    </Page>
  );
}

const Buy = part(async () => ({ default: (await import("./buy.tsx")).Buy }), "min-h-80");
const Provenance = part(() => import("./provenance.tsx"), "min-h-96");
const Room = part(() => import("./room.tsx"), "min-h-48 lg:col-span-2");
const BidBox = part(() => import("./bid-box.tsx"), "min-h-[33.875rem]");

/** The parts of an offer, asked for beside the listing itself. */
const offers = [Buy, BidBox, Fair, Room, Provenance];
void Auction.preload();

/** What this reader can do with the listing now. */
const Offer = (props: { listing: Accessor<Detail>; onReload: () => void }) => {
  const t = useText("listing");
  const session = useSession();
  const listing = () => props.listing();
  const own = () => session.userId() === listing().sellerId;
  return (
    <>
      <Show when={own()}>
        <Notice
          actions={
            <LinkButton size="sm" variant="secondary" href="/owner/listings">
              {t("detail.ownAction")}
            </LinkButton>
          }
        >
          {t("detail.own")}
        </Notice>
      </Show>
      <Switch>
        <Match when={listing().auction}>
          {(auction) => <BidBox listing={listing()} auction={auction()} own={own()} onEnd={props.onReload} />}
        </Match>
        <Match when={listing().status === "active"}>
          <Buy listing={listing()} own={own()} />
          <Fair listingId={listing().id} />
        </Match>
        <Match when={listing().status}>{(status) => <Ended status={status()} />}</Match>
      </Switch>
    </>
  );
};

const Ended = (props: { status: Detail["status"] }) => {
  const t = useText("listing");
  const word = () => (props.status === "active" ? "sold" : props.status);
  return (
    <Card>
      <StatusDot tone={word() === "sold" ? "positive" : "neutral"}>{t(`status.${word()}`)}</StatusDot>
      <p class="mt-3 text-muted">{t(`ended.${word()}`)}</p>
      <LinkButton class="mt-4" variant="secondary" href="/marketplace">
        {t("ended.action")}
      </LinkButton>
    </Card>
  );
};
