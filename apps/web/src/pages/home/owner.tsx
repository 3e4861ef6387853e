import { Button, LinkButton, Notice } from "@evx/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/solid-query";
import { type Accessor, createSignal, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { earningsFor } from "../landing/estimate.ts";
import { Estimator } from "../landing/estimator.tsx";
import { moneyOf } from "./money.ts";
import { nextStep, type Standing, type Step } from "./next-step.ts";
import { OwnerView, type OwnerWorld } from "./owner-view.tsx";
import { sampleWorld } from "./sample.ts";

type Savings = Answer<typeof api.vehicles.savings>;

const links: Record<Step, string> = {
  addCar: "/owner/vehicles?add=1",
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
  return (
    <Loaded query={savings}>
      {(data) => (
        <Show when={data().trips > 0 || data().vehicles > 0} fallback={<Empty />}>
          <Home savings={data} />
        </Show>
      )}
    </Loaded>
  );
}

/** Nothing is here yet: what a year would bring, the first step, and by one press what all this will look like. */
const Empty = () => {
  const t = useText("home");
  const [sample, setSample] = createSignal(false);
  return (
    <Page
      title={t("owner.title")}
      heading={t("owner.next.addCar")}
      lead={t("owner.emptyLead")}
      actions={
        <>
          <Button variant="secondary" size="lg" aria-pressed={sample()} onClick={() => setSample(!sample())}>
            {t(sample() ? "sample.hide" : "sample.show")}
          </Button>
          <LinkButton variant="lit" size="lg" href={links.addCar}>
            {t("owner.do.addCar")}
          </LinkButton>
        </>
      }
    >
      <Show when={sample()} fallback={<Estimator action={<span />} />}>
        <Notice class="mb-7" title={t("sample.title")}>
          {t("sample.body")}
        </Notice>
        <OwnerView world={sampleWorld(new Date())} />
      </Show>
    </Page>
  );
};

/** All that home shows, from the lists of the owner. */
const useWorld = (savings: Accessor<Savings>) => {
  const session = useSession();
  const self = () => ({ userId: session.userId() });
  const wallet = useQuery(api.credits.wallet.queryOptions(self));
  const balance = useQuery(api.payments.balance.queryOptions(self));
  const requests = useInfiniteQuery(api.verification.requests.list.pageOptions(() => ({})));
  const vehicles = useInfiniteQuery(api.vehicles.list.pageOptions(() => ({ limit: 25 })));
  const orders = useInfiniteQuery(api.marketplace.orders.mine.pageOptions(() => ({ limit: 20 })));
  const withdrawals = useInfiniteQuery(api.payments.withdrawals.pageOptions(() => ({ limit: 20 })));
  const open = () =>
    (requests.data?.pages.flatMap(({ items }) => items) ?? []).filter(({ status }) =>
      ["pending", "in_review", "needs_info"].includes(status),
    );
  const standing = (): Standing => ({
    vehicles: savings().vehicles,
    trips: savings().trips,
    claimable: savings().claimableCredits,
    sellable: wallet.data?.balance ?? "0",
    listed: wallet.data?.reserved ?? "0",
    available: balance.data?.available ?? "0",
    asked: open().find(({ status }) => status === "needs_info")?.id ?? null,
  });
  return (): OwnerWorld => ({
    savings: savings(),
    standing: standing(),
    open: open().length,
    waiting: open().reduce((sum, request) => sum + gramsOf(request.creditsRequested), 0n),
    balance: balance.data,
    money: moneyOf(
      orders.data?.pages.flatMap(({ items }) => items) ?? [],
      withdrawals.data?.pages.flatMap(({ items }) => items) ?? [],
    ),
    cars: (vehicles.data?.pages.flatMap(({ items }) => items) ?? []).map((car) => ({
      href: `/owner/vehicles/${car.id}`,
      name: `${car.make} ${car.model}`,
      mark: [car.label, car.plate].filter(Boolean).join(", ") || String(car.year),
      trips: car.tripCount,
      distanceKm: car.distanceKm,
      co2SavedKg: car.co2SavedKg,
      claimableKg: car.claimableCo2Kg,
    })),
  });
};

const Home = (props: { savings: Accessor<Savings> }) => {
  const t = useText("home");
  const f = useFormat();
  const world = useWorld(props.savings);
  const basis = useQuery(api.pricing.earnings.with({ staleTime: 300_000 }).queryOptions());
  const standing = () => world().standing;
  const step = () => nextStep(standing());
  /** What the next step is about: grams to claim, credits to sell, money to withdraw. */
  const amount = () => {
    if (step() === "sell") return f.credits(standing().sellable);
    if (step() === "withdraw") return f.money(standing().available, world().balance?.currency ?? "USD");
    return f.creditsMass(standing().claimable);
  };
  const link = () => {
    const only = world().cars.length === 1 ? world().cars[0] : undefined;
    if (step() === "importTrips" && only) return `${only.href}/import`;
    return step() === "answer" ? `/owner/requests/${standing().asked}` : links[step()];
  };
  /** What the next step's grams would bring at the venue's middle price, after fees; null where there is no price. */
  const worth = () => {
    const known = basis.data;
    const grams = gramsOf(step() === "claim" ? standing().claimable : standing().sellable);
    if (!known?.price || grams === 0n || !["claim", "sell"].includes(step())) return null;
    return f.money(earningsFor(grams, known.price, known), known.currency);
  };
  return (
    <Page
      title={t("owner.title")}
      heading={t(`owner.next.${step()}`, { amount: amount() })}
      lead={
        <Show when={worth()} fallback={t(`owner.why.${step()}`)}>
          {(money) => <>{t("owner.worth", { money: money() })}</>}
        </Show>
      }
      actions={
        <LinkButton variant="lit" size="lg" href={link()}>
          {t(`owner.do.${step()}`, { amount: amount() })}
        </LinkButton>
      }
    >
      <OwnerView world={world()} />
    </Page>
  );
};
