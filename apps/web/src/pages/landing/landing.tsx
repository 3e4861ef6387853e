import { Card, DescriptionList, LinkButton, TextLink } from "@evx/ui";
import { Navigate } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { useTitle } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { homes, useSession } from "../../lib/session.ts";

const steps = ["trips", "audit", "sell", "retire"] as const;
const people = [
  { name: "owner", role: "ev_owner" },
  { name: "buyer", role: "buyer" },
  { name: "cva", role: "cva" },
] as const;

export default function Landing() {
  const t = useText("landing");
  const session = useSession();
  useTitle(() => "");
  return (
    <Show when={session.role()} fallback={<Visitor t={t} />}>
      {(role) => <Navigate href={homes[role()]} />}
    </Show>
  );
}

const Visitor = (props: { t: ReturnType<typeof useText<"landing">> }) => (
  <div class="mx-auto w-full max-w-6xl px-4 sm:px-6 lg:px-8">
    <section class="grid items-end gap-x-12 gap-y-10 py-12 sm:py-20 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div>
        <h1
          tabindex="-1"
          class="max-w-[18ch] text-[2.25rem]/[1.1] font-semibold tracking-[-0.022em] text-balance outline-none sm:text-[3.5rem]/[1.05]"
        >
          {props.t.rich("hero.title", { co2: <Co2 /> })}
        </h1>
        <p class="mt-5 max-w-[58ch] text-base/6 text-pretty text-muted sm:text-lg/7">
          {props.t("hero.lead")}
        </p>
        <div class="mt-8 flex flex-wrap gap-3">
          <LinkButton href="/sign-up" size="lg">
            {props.t("hero.action")}
          </LinkButton>
          <LinkButton href="/marketplace" size="lg" variant="secondary">
            {props.t("hero.second")}
          </LinkButton>
        </div>
      </div>
      <Totals t={props.t} />
    </section>

    <section class="border-t border-line py-12" aria-labelledby="how">
      <h2 id="how" class="text-xl font-semibold">
        {props.t("how.title")}
      </h2>
      <ol class="mt-6 grid gap-x-8 gap-y-8 sm:grid-cols-2 lg:grid-cols-4">
        <For each={steps}>
          {(step, index) => (
            <li class="border-t-2 border-accent pt-4">
              <p class="text-xs font-medium text-muted" data-figure>
                {index() + 1}
              </p>
              <h3 class="mt-1 font-semibold">{props.t(`how.${step}.title`)}</h3>
              <p class="mt-1.5 text-pretty text-muted">{props.t(`how.${step}.body`)}</p>
            </li>
          )}
        </For>
      </ol>
    </section>

    <section class="border-t border-line py-12" aria-labelledby="who">
      <h2 id="who" class="text-xl font-semibold">
        {props.t("who.title")}
      </h2>
      <div class="mt-6 grid gap-4 lg:grid-cols-3">
        <For each={people}>
          {({ name, role }) => (
            <div class="flex flex-col rounded-card border border-line bg-surface p-5">
              <h3 class="font-semibold">{props.t(`who.${name}.title`)}</h3>
              <p class="mt-1.5 mb-4 text-pretty text-muted">{props.t(`who.${name}.body`)}</p>
              <p class="mt-auto">
                <TextLink href={`/sign-up?role=${role}`}>{props.t(`who.${name}.action`)}</TextLink>
              </p>
            </div>
          )}
        </For>
      </div>
    </section>
  </div>
);

/** The venue's books in four figures. A venue that has issued nothing yet has nothing to show. */
const Totals = (props: { t: ReturnType<typeof useText<"landing">> }) => {
  const f = useFormat();
  const totals = useQuery(api.credits.registry.totals.queryOptions());
  const found = () => (totals.isSuccess && gramsOf(totals.data.issued) > 0n ? totals.data : undefined);
  return (
    <Show when={found()}>
      {(books) => (
        <Card title={props.t("live.title")}>
          <DescriptionList
            items={(["issued", "circulating", "listed", "retired"] as const).map((name) => ({
              label: props.t(`live.${name}`),
              value: f.credits(books()[name]),
              strong: name === "issued",
            }))}
          />
          <p class="mt-2 text-xs text-muted">{props.t("live.note")}</p>
        </Card>
      )}
    </Show>
  );
};

/** Set as a subscript: the small ₂ of a system font stands out badly at this size. */
const Co2 = () => (
  <>
    CO<sub class="text-[0.6em] leading-none">2</sub>
  </>
);
