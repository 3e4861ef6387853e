import { Card, Stones, TextLink, TimeChart } from "@evx/ui";
import { For, Show } from "solid-js";
import { FlatRate } from "../../frame/flat-rate.tsx";
import { Grams } from "../../frame/grams.tsx";
import { useText } from "../../i18n/index.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { pointsOf } from "../../lib/periods.ts";
import type { Movement } from "./money.ts";
import { type Standing, stoneStates } from "./next-step.ts";

type Car = {
  href: string | null;
  name: string;
  /** What tells it from another of its make: its name or plate. */
  mark?: string;
  trips: number;
  distanceKm: number;
  co2SavedKg: number;
  claimableKg: number;
};

/** All that an owner's home shows below its headline. `href: null` where a line leads nowhere, as in the sample. */
export type OwnerWorld = {
  savings: {
    vehicles: number;
    distanceKm: number;
    co2SavedKg: number;
    /** How it was calculated. */
    method: string;
    claimableCredits: string;
    series: readonly { period: string; co2SavedKg: number }[];
  };
  standing: Standing;
  open: number;
  /** Grams that an auditor has before them. */
  waiting: bigint;
  balance: { available: string; pending: string; currency: string } | undefined;
  money: readonly (Omit<Movement, "href"> & { href: string | null })[];
  cars: readonly Car[];
};

type Props = { world: OwnerWorld };

export const OwnerView = (props: Props) => {
  const t = useText("home");
  return (
    <>
      <Way world={props.world} />
      <Grams
        class="mt-7"
        title={t("owner.grams")}
        parts={[
          { state: "held", grams: gramsOf(props.world.standing.sellable), label: t("strip.free") },
          { state: "listed", grams: gramsOf(props.world.standing.listed), label: t("strip.listed") },
          { state: "buffer", grams: props.world.waiting, label: t("strip.waiting") },
        ]}
      />
      <div class="mt-7 grid min-w-0 gap-7 lg:grid-cols-[3fr_2fr]">
        <Months world={props.world} />
        <Money world={props.world} />
      </div>
      <Cars world={props.world} />
    </>
  );
};

/** From drive to bank, in five stones. */
const Way = (props: Props) => {
  const t = useText("home");
  const f = useFormat();
  const inMoney = (amount: "available" | "pending") =>
    props.world.balance ? f.money(props.world.balance[amount], props.world.balance.currency) : "";
  const link = (href: string) => (props.world.cars.some((car) => car.href === null) ? undefined : href);
  const stones = () => [
    {
      label: t("stone.drive"),
      value: f.km(Math.round(props.world.savings.distanceKm)),
      note: t.n("stone.vehicles", props.world.savings.vehicles),
      href: link("/owner/vehicles"),
    },
    {
      label: t("stone.claim"),
      value: t("stone.ready", { mass: f.creditsMass(props.world.standing.claimable) }),
      href: link("/owner/requests?new=1"),
    },
    {
      label: t("stone.audit"),
      value: t("stone.withAuditor", { mass: f.mass(Number(props.world.waiting) / 1000) }),
      note: t.n("stone.requests", props.world.open),
      href: link("/owner/requests"),
    },
    {
      label: t("stone.sell"),
      value: t("stone.forSale", { credits: f.credits(props.world.standing.listed) }),
      note: t("stone.free", { credits: f.credits(props.world.standing.sellable) }),
      href: link("/owner/listings"),
    },
    {
      label: t("stone.bank"),
      value: inMoney("available"),
      note:
        Number(props.world.balance?.pending ?? 0) > 0
          ? t("stone.held", { money: inMoney("pending") })
          : undefined,
      href: link("/owner/earnings"),
    },
  ];
  const items = () => {
    const states = stoneStates(props.world.standing);
    return stones().map((stone, place) => ({ ...stone, state: states[place] ?? "ahead" }));
  };
  return <Stones label={t("owner.way")} items={items()} />;
};

const Months = (props: Props) => {
  const t = useText("home");
  const f = useFormat();
  return (
    <Card
      class="min-w-0"
      title={t("owner.chart")}
      actions={<span class="text-muted">{f.mass(props.world.savings.co2SavedKg)}</span>}
    >
      <Show
        when={props.world.savings.series.length > 0}
        fallback={<p class="text-muted">{t("owner.noMonths")}</p>}
      >
        <TimeChart
          mark="bars"
          title={t("owner.chart")}
          labelHeader={t("column.month")}
          valueHeader={t("column.co2")}
          points={pointsOf(props.world.savings.series, 12, f, (month) => month.co2SavedKg)}
          format={(kg) => f.mass(kg)}
        />
        <Show when={props.world.savings.method === "flat-v1"}>
          <FlatRate class="mt-3" />
        </Show>
      </Show>
    </Card>
  );
};

const SHOWN = 5;

/** What came in and what went to the bank, newest first. */
const Money = (props: Props) => {
  const t = useText("home");
  const f = useFormat();
  const said = (row: OwnerWorld["money"][number]) =>
    row.kind === "sold"
      ? t("money.sold", { credits: f.credits(row.credits ?? "0") })
      : t("money.withdrawn", { account: row.account ?? "" });
  return (
    <Card class="min-w-0" title={t("money.title")}>
      <ul class="divide-y divide-line">
        <For
          each={props.world.money.slice(0, SHOWN)}
          fallback={<li class="text-muted">{t("money.none")}</li>}
        >
          {(row) => (
            <li class="relative flex min-h-12 items-center justify-between gap-4 py-1.5">
              <span class="min-w-0 break-words">
                <Show when={row.href} fallback={said(row)}>
                  {(href) => (
                    <a href={href()} class="after:absolute after:inset-0 hover:text-accent">
                      {said(row)}
                    </a>
                  )}
                </Show>
                <span class="block text-[0.8125rem]/4.5 text-muted">{f.date(row.at)}</span>
              </span>
              <span class="font-semibold whitespace-nowrap" data-figure>
                {row.kind === "sold" ? "+" : "−"}
                {f.money(row.amount, row.currency)}
              </span>
            </li>
          )}
        </For>
      </ul>
    </Card>
  );
};

const Cars = (props: Props) => {
  const t = useText("home");
  const f = useFormat();
  return (
    <Show when={props.world.cars.length > 0}>
      <Card
        class="mt-7"
        title={t("cars.title")}
        actions={
          <Show when={props.world.cars.every((car) => car.href !== null)}>
            <TextLink href="/owner/vehicles?add=1">{t("cars.add")}</TextLink>
          </Show>
        }
      >
        <ul class="divide-y divide-line">
          <For each={props.world.cars}>
            {(car) => (
              <li class="relative flex min-h-14 flex-wrap items-center justify-between gap-x-6 gap-y-1 py-2">
                <span class="min-w-0 grow wrap-anywhere">
                  <span class="font-semibold">
                    <Show when={car.href} fallback={car.name}>
                      {(href) => (
                        <a href={href()} class="after:absolute after:inset-0 hover:text-accent">
                          {car.name}
                        </a>
                      )}
                    </Show>
                  </span>
                  <Show when={car.mark}>
                    <span class="block text-[0.8125rem]/4.5 text-muted">{car.mark}</span>
                  </Show>
                </span>
                <Show when={car.claimableKg > 0}>
                  <span class="text-sm text-muted">{t("cars.ready", { mass: f.mass(car.claimableKg) })}</span>
                </Show>
                <span class="text-end text-muted sm:w-24" data-figure>
                  {f.km(Math.round(car.distanceKm))}
                </span>
                <span class="text-end font-semibold sm:w-24" data-figure>
                  {f.mass(car.co2SavedKg)}
                </span>
              </li>
            )}
          </For>
        </ul>
      </Card>
    </Show>
  );
};
