import { Skeleton, Stat, TextLink } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";

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
          <Loaded query={totals} skeleton={<Skeleton lines={2} class="h-20 w-full" />}>
            {(data) => (
              <>
                <div class="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-5">
                  <Stat
                    class="col-span-2 lg:col-span-1"
                    label={t("registry.issued")}
                    value={f.credits(data().issued)}
                    note={t.n("registry.batches_count", data().batches)}
                  />
                  <Stat
                    class="col-span-2 lg:col-span-1"
                    label={t("registry.circulating")}
                    value={f.credits(data().circulating)}
                    note={t("registry.circulatingNote", { amount: f.number(data().listed) })}
                  />
                  <Stat
                    class="col-span-2 sm:col-span-1"
                    label={t("registry.retired")}
                    value={f.credits(data().retired)}
                  />
                  <Stat label={t("registry.cancelled")} value={f.credits(data().cancelled)} />
                  <Stat label={t("registry.buffer")} value={f.credits(data().buffer)} />
                </div>
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
