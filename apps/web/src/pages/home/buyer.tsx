import { Card, LinkButton, Stones, TimeChart } from "@evx/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Grams } from "../../frame/grams.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { pointsOf } from "../../lib/periods.ts";
import { useSession } from "../../lib/session.ts";

type Wallet = Answer<typeof api.credits.wallet>;
type Report = Extract<Answer<typeof api.reports.personal>, { totals: unknown }>;

/** A buyer's home: from bought to retired in public, with the next step lit. */
export default function BuyerHome() {
  const t = useText("home");
  const f = useFormat();
  const session = useSession();
  const self = () => ({ userId: session.userId() });
  const wallet = useQuery(api.credits.wallet.queryOptions(self));
  const personal = useQuery(api.reports.personal.queryOptions(self));
  const report = () => (personal.data && "totals" in personal.data ? personal.data : null);

  return (
    <Loaded query={wallet}>
      {(held) => {
        const holds = () => gramsOf(held().balance) > 0n;
        return (
          <Page
            title={t("buyer.title")}
            heading={
              holds()
                ? t("buyer.headline", { credits: f.credits(held().balance) })
                : t(gramsOf(held().retired) > 0n ? "buyer.allRetired" : "buyer.start")
            }
            lead={t(holds() ? "buyer.retireLead" : "buyer.nothing")}
            actions={
              <>
                <LinkButton variant={holds() ? "secondary" : "lit"} size="lg" href="/marketplace">
                  {t("buyer.shop")}
                </LinkButton>
                <Show when={holds()}>
                  <LinkButton variant="lit" size="lg" href="/buyer/retire">
                    {t("buyer.retire", { mass: f.creditsMass(held().balance) })}
                  </LinkButton>
                </Show>
              </>
            }
          >
            <Way wallet={held()} report={report()} />
            <Grams
              class="mt-7"
              title={t("owner.grams")}
              parts={[
                { state: "held", grams: gramsOf(held().balance), label: t("strip.held") },
                { state: "listed", grams: gramsOf(held().reserved), label: t("strip.listed") },
                { state: "retired", grams: gramsOf(held().retired), label: t("strip.retired") },
              ]}
            />
            <div class="mt-7 grid min-w-0 gap-7 lg:grid-cols-[3fr_2fr]">
              <Bought report={report()} />
              <Purchases />
            </div>
          </Page>
        );
      }}
    </Loaded>
  );
}

/** From the market to a public certificate, in four stones. */
const Way = (props: { wallet: Wallet; report: Report | null }) => {
  const t = useText("home");
  const f = useFormat();
  const bought = () => gramsOf(props.report?.totals.creditsBought ?? "0") > 0n;
  const holds = () => gramsOf(props.wallet.balance) > 0n;
  const retired = () => gramsOf(props.wallet.retired) > 0n;
  const items = () =>
    [
      {
        label: t("way.buy"),
        value: f.credits(props.report?.totals.creditsBought ?? "0"),
        note: props.report ? f.money(props.report.totals.spent, props.report.currency) : undefined,
        href: "/buyer/purchases",
        state: bought() || holds() ? "done" : "lit",
      },
      {
        label: t("way.hold"),
        value: f.credits(props.wallet.balance),
        note: f.creditsMass(props.wallet.balance),
        href: "/buyer/wallet",
        state: holds() || retired() ? "done" : "ahead",
      },
      {
        label: t("way.retire"),
        value: f.credits(props.wallet.retired),
        note: f.creditsMass(props.wallet.retired),
        href: "/buyer/retire",
        state: holds() ? "lit" : retired() ? "done" : "ahead",
      },
      {
        label: t("way.show"),
        value: t(retired() ? "way.public" : "way.notYet"),
        href: "/buyer/certificates",
        state: retired() ? "done" : "ahead",
      },
    ] as const;
  return <Stones label={t("buyer.way")} items={items()} />;
};

const Bought = (props: { report: Report | null }) => {
  const t = useText("home");
  const f = useFormat();
  return (
    <Card class="min-w-0" title={t("buyer.chart")}>
      <Show when={props.report?.series.length} fallback={<p class="text-muted">{t("buyer.noMonths")}</p>}>
        <TimeChart
          mark="bars"
          title={t("buyer.chart")}
          labelHeader={t("column.month")}
          valueHeader={t("column.bought")}
          points={pointsOf(
            props.report?.series ?? [],
            12,
            f,
            (month) => Number(gramsOf(month.creditsBought)) / 1000,
          )}
          format={(kg) => f.mass(kg)}
        />
      </Show>
    </Card>
  );
};

const SHOWN = 5;

const Purchases = () => {
  const t = useText("home");
  const f = useFormat();
  const session = useSession();
  const orders = useInfiniteQuery(api.marketplace.orders.mine.pageOptions(() => ({ limit: 20 })));
  const rows = () =>
    (orders.data?.pages.flatMap(({ items }) => items) ?? [])
      .filter((order) => order.buyerId === session.userId())
      .slice(0, SHOWN);
  return (
    <Card class="min-w-0" title={t("buyer.purchases")}>
      <ul class="divide-y divide-line">
        <For each={rows()} fallback={<li class="text-muted">{t("buyer.noPurchases")}</li>}>
          {(order) => (
            <li class="relative flex min-h-12 items-center justify-between gap-4 py-1.5">
              <span class="min-w-0">
                <a href={`/buyer/orders/${order.id}`} class="after:absolute after:inset-0 hover:text-accent">
                  {f.credits(order.creditsAmount)}
                </a>
                <span class="block text-[0.8125rem]/4.5 text-muted">{f.date(order.createdAt)}</span>
              </span>
              <span class="font-semibold whitespace-nowrap" data-figure>
                {f.money(order.totalPrice, order.currency)}
              </span>
            </li>
          )}
        </For>
      </ul>
    </Card>
  );
};
