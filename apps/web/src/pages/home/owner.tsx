import { Card, GramLegend, type GramRun, GramStrip, LinkButton, Stones, TimeChart } from "@evx/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/solid-query";
import { type Accessor, Show } from "solid-js";
import { FlatRate } from "../../frame/flat-rate.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { pointsOf } from "../../lib/periods.ts";
import { useSession } from "../../lib/session.ts";
import { nextStep, type Standing, type Step, stoneStates } from "./next-step.ts";

type Savings = Answer<typeof api.vehicles.savings>;

const links: Record<Step, string> = {
  addCar: "/owner/vehicles",
  importTrips: "/owner/vehicles",
  answer: "/owner/requests",
  claim: "/owner/requests?new=1",
  sell: "/owner/listings/new",
  withdraw: "/owner/earnings",
  wait: "/owner/savings",
};

/** An owner's home: one line from drive to bank, with the next step lit. */
export default function OwnerHome() {
  const savings = useQuery(api.vehicles.savings.queryOptions(() => ({ period: "month" as const })));
  return <Loaded query={savings}>{(data) => <Home savings={data} />}</Loaded>;
}

const Home = (props: { savings: Accessor<Savings> }) => {
  const t = useText("home");
  const f = useFormat();
  const session = useSession();
  const self = () => ({ userId: session.userId() });
  const wallet = useQuery(api.credits.wallet.queryOptions(self));
  const balance = useQuery(api.payments.balance.queryOptions(self));
  const requests = useInfiniteQuery(api.verification.requests.list.pageOptions(() => ({})));
  const trends = useQuery(api.pricing.trends.queryOptions());

  const open = () =>
    (requests.data?.pages.flatMap(({ items }) => items) ?? []).filter(({ status }) =>
      ["pending", "in_review", "needs_info"].includes(status),
    );
  const waiting = () => open().reduce((sum, request) => sum + gramsOf(request.creditsRequested), 0n);
  const standing = (): Standing => ({
    vehicles: props.savings().vehicles,
    trips: props.savings().trips,
    claimable: props.savings().claimableCredits,
    sellable: wallet.data?.balance ?? "0",
    listed: wallet.data?.reserved ?? "0",
    available: balance.data?.available ?? "0",
    asked: open().find(({ status }) => status === "needs_info")?.id ?? null,
  });
  const step = () => nextStep(standing());
  const claimable = () => f.creditsMass(props.savings().claimableCredits);
  /** What the next step is about: grams to claim, credits to sell, money to withdraw. */
  const amount = () => {
    if (step() === "sell") return f.credits(standing().sellable);
    if (step() === "withdraw") return f.money(standing().available, balance.data?.currency ?? "USD");
    return claimable();
  };
  const link = () => (step() === "answer" ? `/owner/requests/${standing().asked}` : links[step()]);
  /** What the next step's grams would fetch at the last price, before fees; null where there is no price. */
  const worth = () => {
    const price = trends.data?.lastPrice;
    const grams = gramsOf(step() === "claim" ? standing().claimable : standing().sellable);
    if (!price || grams === 0n || !["claim", "sell"].includes(step())) return null;
    return f.money(((Number(price) * Number(grams)) / 1e6).toFixed(2), trends.data?.currency ?? "USD");
  };

  return (
    <Page
      title={t("owner.title")}
      heading={t(`owner.next.${step()}`, { amount: amount() })}
      lead={<Show when={worth()}>{(money) => t("owner.worth", { money: money() })}</Show>}
      actions={
        <LinkButton variant="lit" size="lg" href={link()}>
          {t(`owner.do.${step()}`, { amount: amount() })}
        </LinkButton>
      }
    >
      <Way
        savings={props.savings()}
        standing={standing()}
        open={open().length}
        waiting={waiting()}
        balance={balance.data}
      />
      <Grams standing={standing()} waiting={waiting()} />
      <Months savings={props.savings()} />
    </Page>
  );
};

/** From drive to bank, in five stones. */
const Way = (props: {
  savings: Savings;
  standing: Standing;
  open: number;
  waiting: bigint;
  balance: Answer<typeof api.payments.balance> | undefined;
}) => {
  const t = useText("home");
  const f = useFormat();
  const inMoney = (amount: "available" | "pending") =>
    props.balance ? f.money(props.balance[amount], props.balance.currency) : "";
  const stones = () => [
    {
      label: t("stone.drive"),
      value: f.km(Math.round(props.savings.distanceKm)),
      note: t.n("stone.vehicles", props.savings.vehicles),
      href: "/owner/vehicles",
    },
    {
      label: t("stone.claim"),
      value: t("stone.ready", { mass: f.creditsMass(props.savings.claimableCredits) }),
      href: links.claim,
    },
    {
      label: t("stone.audit"),
      value: t("stone.withAuditor", { mass: f.mass(Number(props.waiting) / 1000) }),
      note: t.n("stone.requests", props.open),
      href: "/owner/requests",
    },
    {
      label: t("stone.sell"),
      value: t("stone.forSale", { credits: f.credits(props.standing.listed) }),
      note: t("stone.free", { credits: f.credits(props.standing.sellable) }),
      href: "/owner/listings",
    },
    {
      label: t("stone.bank"),
      value: inMoney("available"),
      note:
        Number(props.balance?.pending ?? 0) > 0 ? t("stone.held", { money: inMoney("pending") }) : undefined,
      href: "/owner/earnings",
    },
  ];
  const items = () => {
    const states = stoneStates(props.standing);
    return stones().map((stone, place) => ({ ...stone, state: states[place] ?? "ahead" }));
  };
  return <Stones label={t("owner.way")} items={items()} />;
};

/** Where an owner's grams are, in one strip. */
const Grams = (props: { standing: Standing; waiting: bigint }) => {
  const t = useText("home");
  const f = useFormat();
  const parts = () =>
    [
      { state: "held", grams: gramsOf(props.standing.sellable), name: "strip.free" },
      { state: "listed", grams: gramsOf(props.standing.listed), name: "strip.listed" },
      { state: "buffer", grams: props.waiting, name: "strip.waiting" },
    ] as const satisfies readonly (GramRun & { name: string })[];
  const some = () => parts().filter(({ grams }) => grams > 0n);
  return (
    <Show when={some().length > 0}>
      <Card class="mt-7" title={t("owner.grams")}>
        <GramStrip height_px={32} runs={some()} ruler />
        <GramLegend
          class="mt-4"
          items={some().map(({ state, grams, name }) => ({
            state,
            label: `${t(name)}, ${f.mass(Number(grams) / 1000)}`,
          }))}
        />
      </Card>
    </Show>
  );
};

const Months = (props: { savings: Savings }) => {
  const t = useText("home");
  const f = useFormat();
  return (
    <Show when={props.savings.series.length > 0}>
      <Card
        class="mt-7 min-w-0"
        title={t("owner.chart")}
        actions={<span class="text-muted">{f.mass(props.savings.co2SavedKg)}</span>}
      >
        <TimeChart
          mark="bars"
          title={t("owner.chart")}
          labelHeader={t("column.month")}
          valueHeader={t("column.co2")}
          points={pointsOf(props.savings.series, 12, f, (month) => month.co2SavedKg)}
          format={(kg) => f.mass(kg)}
        />
        <Show when={props.savings.method === "flat-v1"}>
          <FlatRate class="mt-3" />
        </Show>
      </Card>
    </Show>
  );
};
