import { Skeleton, TextLink } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

/** The same strip as on the home page, by the same words. */
const RegistryCard = part(
  () => import("../landing/registry-card.tsx"),
  "min-h-[16.5rem] sm:min-h-[12.875rem]",
);
/** Under the totals, which answer first. */
const Lookup = part(() => import("./lookup.tsx"), "min-h-[7.5rem]");
const RegistryView = part(() => import("./registry-view.tsx"), "min-h-[60rem]");

/** All credits for everybody to see: the ledger's totals, every batch, every retirement. */
export default function Registry() {
  const t = useText("credits");
  const f = useFormat();
  const totals = useQuery(api.credits.registry.totals.queryOptions());
  return (
    <Page title={t("registry.title")} lead={t("registry.lead")}>
      <div class="grid gap-6">
        <section aria-label={t("registry.title")}>
          <RegistryCard />
          <Loaded
            query={totals}
            skeleton={
              <div class="mt-5 h-[16.125rem] sm:h-[5.625rem]">
                <Skeleton lines={2} class="h-10 w-full" />
              </div>
            }
          >
            {(data) => (
              <>
                <Totals totals={data()} />
                <p class="mt-3 text-xs text-muted">{t("registry.sum")}</p>
                <Show when={data().revokedBatches > 0}>
                  <p class="mt-1 text-sm">
                    {t("registry.shortfall", {
                      batches: f.number(data().revokedBatches),
                      amount: f.credits(data().shortfall),
                    })}
                  </p>
                </Show>
                <p class="mt-1 flex flex-wrap gap-x-4 gap-y-5 text-sm max-sm:mt-4 sm:gap-y-1">
                  <TextLink href="/methods">{t("registry.methods")}</TextLink>
                  <TextLink href="/keys">{t("registry.keys")}</TextLink>
                  <TextLink href="/api/public/registry/cad-trust">{t("registry.cadTrust")}</TextLink>
                </p>
              </>
            )}
          </Loaded>
        </section>
        <Lookup />
        <RegistryView />
      </div>
    </Page>
  );
}

/** The same in figures, which add up: every gram is in exactly one place. */
const Totals = (props: { totals: Answer<typeof api.credits.registry.totals> }) => {
  const t = useText("credits");
  const f = useFormat();
  return (
    <dl class="mt-5 flex flex-wrap gap-x-8 gap-y-3">
      <For each={["issued", "circulating", "retired", "cancelled", "buffer"] as const}>
        {(place) => (
          <div class="grid">
            <dt class="text-xs text-muted">{t(`registry.${place}`)}</dt>
            <dd class="font-semibold" data-figure>
              {f.credits(props.totals[place])}
            </dd>
          </div>
        )}
      </For>
      <div class="grid">
        <dt class="text-xs text-muted">{t("registry.batches")}</dt>
        <dd class="font-semibold" data-figure>
          {f.number(props.totals.batches)}
        </dd>
      </div>
    </dl>
  );
};
