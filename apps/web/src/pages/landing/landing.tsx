import { Navigate } from "@solidjs/router";
import { For, Show } from "solid-js";
import { useTitle } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { homes, useSession } from "../../lib/session.ts";
import { Estimator } from "./estimator.tsx";

// Under the fold, so after what is seen first.
const RegistryCard = part(() => import("./registry-card.tsx"));
const GlanceCards = part(() => import("./glance.tsx"));

const steps = ["trips", "audit", "sell", "retire"] as const;
const questions = ["worth", "twice", "keep", "auditor", "price", "climate"] as const;

/** What it is, what one would earn, and why to trust it, for somebody who has never been here. */
export default function Landing() {
  const session = useSession();
  useTitle(() => "");
  return (
    <Show when={session.role()} fallback={<Visitor />}>
      {(role) => <Navigate href={homes[role()]} />}
    </Show>
  );
}

const Visitor = () => {
  const t = useText("landing");
  return (
    <div class="mx-auto grid w-full max-w-[77.5rem] gap-10 px-5 pb-14 sm:px-10">
      <section class="grid items-end gap-x-10 gap-y-5 pt-9 sm:pt-14 lg:grid-cols-[1fr_23rem]">
        <h1
          tabindex="-1"
          class="figure text-[2.5625rem] outline-none sm:text-[4rem] lg:text-[6.5rem] lg:[&:lang(vi)]:text-[5.25rem]"
        >
          {t("hero.drive")}
          <br />
          {t("hero.paid")}
        </h1>
        <p class="text-[1.0625rem]/6.5 text-pretty text-muted lg:pb-2">{t("hero.lead")}</p>
      </section>
      <Estimator />
      <section class="flex flex-wrap items-baseline gap-x-6 gap-y-2">
        <h2 class="figure text-[2.125rem]">{t("honest.title")}</h2>
        <p class="max-w-[62ch] text-muted">{t("honest.body")}</p>
      </section>
      <div class="min-h-52">
        <RegistryCard />
      </div>
      <div class="min-h-88 lg:min-h-72">
        <GlanceCards />
      </div>
      <section id="how" aria-labelledby="how-title" class="scroll-mt-24">
        <h2 id="how-title" class="text-base/5.5 font-[650]">
          {t("how.title")}
        </h2>
        <ol class="mt-4 grid gap-x-7 gap-y-6 sm:grid-cols-2 lg:grid-cols-4">
          <For each={steps}>
            {(step, index) => (
              <li class="border-t-2 border-ink pt-3">
                <h3 class="font-semibold">
                  {index() + 1}. {t(`how.${step}.title`)}
                </h3>
                <p class="mt-1 text-pretty text-muted">{t(`how.${step}.body`)}</p>
              </li>
            )}
          </For>
        </ol>
      </section>
      <section aria-labelledby="questions" class="border-t-2 border-t-ink bg-surface px-5 pt-4 pb-6">
        <h2 id="questions" class="text-base/5.5 font-[650]">
          {t("ask.title")}
        </h2>
        <dl class="mt-4 grid gap-x-7 gap-y-6 sm:grid-cols-2 lg:grid-cols-3">
          <For each={questions}>
            {(question) => (
              <div>
                <dt class="font-semibold">{t(`ask.${question}.title`)}</dt>
                <dd class="mt-1 text-pretty text-muted">{t(`ask.${question}.body`)}</dd>
              </div>
            )}
          </For>
        </dl>
      </section>
    </div>
  );
};
