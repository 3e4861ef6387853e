import { LinkButton } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { createSignal, For, type JSX, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { type Basis, earningsFor, gramsFor } from "./estimate.ts";

const most_km = 30_000;
const step_km = 100;
const marks = [0, 5_000, 10_000, 15_000, 20_000, 25_000, 30_000];

/** Kilometres a year to money a year, on the engraved plate: method, price and fees are those of the venue now. */
export const Estimator = (props: { action?: JSX.Element; level?: 2 | 3 }) => {
  const t = useText("estimate");
  const f = useFormat();
  const [km, setKm] = createSignal(12_000);
  const basis = useQuery(api.pricing.earnings.with({ staleTime: 300_000 }).queryOptions());
  const known = () => (basis.isSuccess ? basis.data : undefined);
  const grams = () => {
    const found = known();
    return found ? gramsFor(km(), found) : undefined;
  };
  const kilograms = () => {
    const avoided = grams();
    return avoided === undefined ? "–" : f.number(avoided / 1_000n);
  };
  const money = (price: string | null | undefined) => {
    const [found, avoided] = [known(), grams()];
    if (!found || avoided === undefined || !price) return undefined;
    return f.money(earningsFor(avoided, price, found), found.currency);
  };
  return (
    <section
      id="estimate"
      aria-labelledby="estimate-title"
      class="plate scroll-mt-24 bg-plate text-plate-ink"
    >
      <div class="px-5 py-6 sm:px-8 sm:py-7">
        <h2 id="estimate-title" class="text-base/5.5 font-[650]">
          <label for="estimate-km">{t("title")}</label>
        </h2>
        <Ruler km={km()} onKm={setKm} />
        <div class="mt-5 grid items-end gap-x-8 gap-y-4 sm:grid-cols-[1fr_auto]">
          <dl class="grid gap-x-6 gap-y-3 sm:flex sm:flex-wrap">
            <Figure value={f.number(km())} label={t("km")} />
            <Arrow />
            <Figure value={kilograms()} label={t("kg")} />
            <Arrow />
            <Figure value={money(known()?.price) ?? "–"} label={t("money")} lit />
          </dl>
          {props.action ?? (
            <LinkButton href="/sign-up?role=ev_owner" variant="lit" size="lg">
              {t("action")}
            </LinkButton>
          )}
        </div>
        <p class="mt-4 min-h-14 max-w-[75ch] text-[0.8125rem]/4.5 text-plate-muted sm:min-h-9">
          <Show when={known()}>
            {(found) => <BasisWords basis={found()} low={money(found().low)} high={money(found().high)} />}
          </Show>
        </p>
      </div>
    </section>
  );
};

/** From one figure to what follows from it; on a phone they stand under each other instead. */
const Arrow = () => (
  <div class="self-center max-sm:hidden">
    <svg
      aria-hidden="true"
      class="size-6 text-plate-muted"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
    >
      <path d="M4 12h16M13 5l7 7-7 7" />
    </svg>
  </div>
);

const Figure = (props: { value: string; label: string; lit?: boolean }) => (
  <div class="flex flex-row-reverse items-baseline justify-between gap-4 sm:flex-col-reverse sm:items-start sm:gap-1">
    <dt class="text-[0.8125rem]/4.5 text-plate-muted">{props.label}</dt>
    <dd
      class="figure text-[2.75rem] sm:min-w-[2.6ch] sm:text-[4rem] lg:text-[5.25rem]"
      classList={{ "text-lit": props.lit === true }}
      data-figure
    >
      {props.value}
    </dd>
  </div>
);

/** What the estimate stands on, in one sentence that anybody can check. */
const BasisWords = (props: { basis: Basis; low: string | undefined; high: string | undefined }) => {
  const t = useText("estimate");
  const f = useFormat();
  const perKm = () => f.number(Number(props.basis.gramsPer10000km) / 10_000, { maximumFractionDigits: 1 });
  const fees = () => ({
    platform: f.number(props.basis.platformFeePercent),
    auditor: f.number(props.basis.cvaFeePercent),
  });
  const method = () => (
    <a href="/methods" class="text-plate-ink underline underline-offset-2">
      {props.basis.method}
    </a>
  );
  return (
    <Show when={props.basis.price} fallback={t.rich("noPrice", { grams: perKm(), method: method() })}>
      {(price) => (
        <>
          {t.rich("basis", {
            grams: perKm(),
            method: method(),
            price: f.money(price(), props.basis.currency),
            sales: t.n("sales", props.basis.sales, { days: f.number(props.basis.days) }),
            ...fees(),
          })}{" "}
          <Show when={props.low && props.high && props.low !== props.high}>
            {t("range", { low: props.low ?? "", high: props.high ?? "" })}
          </Show>
        </>
      )}
    </Show>
  );
};

/** The slider: a ruler with a kilometre stone on it. */
const Ruler = (props: { km: number; onKm: (km: number) => void }) => {
  const t = useText("estimate");
  const f = useFormat();
  return (
    <div class="mt-4">
      <div class="flex justify-between text-[0.75rem]/4 text-plate-muted" aria-hidden="true" data-figure>
        <For each={marks}>
          {(mark, at) => <span classList={{ "max-sm:hidden": at() % 2 === 1 }}>{f.number(mark)}</span>}
        </For>
      </div>
      <svg class="mt-1 h-3 w-full" viewBox="0 0 300 12" preserveAspectRatio="none" aria-hidden="true">
        <For each={Array.from({ length: 31 }, (_, at) => at)}>
          {(at) => (
            <path
              d={`M${Math.min(299.5, Math.max(0.5, at * 10))} ${at % 5 === 0 ? 0 : 6}V12`}
              stroke="var(--plate-muted)"
              vector-effect="non-scaling-stroke"
            />
          )}
        </For>
      </svg>
      <input
        id="estimate-km"
        class="stone-range"
        type="range"
        min={0}
        max={most_km}
        step={step_km}
        value={props.km}
        style={{ "--share": `${(props.km / most_km) * 100}%` }}
        aria-valuetext={`${f.number(props.km)} ${t("km")}`}
        onInput={(event) => props.onKm(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
};
