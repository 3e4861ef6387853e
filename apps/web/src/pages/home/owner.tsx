import { BarChart, Card, LinkButton, Stat } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";

/** An owner's home: what the driving came to, and the next step. */
export default function OwnerHome() {
  const t = useText("home");
  const f = useFormat();
  const session = useSession();
  const self = () => ({ userId: session.userId() });
  const savings = useQuery(api.reports.savings.queryOptions(self));
  const wallet = useQuery(api.credits.wallet.queryOptions(self));
  const balance = useQuery(api.payments.balance.queryOptions(self));

  return (
    <Loaded query={savings}>
      {(answer) => {
        const report = () => {
          const given = answer();
          return "totals" in given ? given : null;
        };
        const drove = () => (report()?.totals.co2SavedKg ?? 0) > 0;
        return (
          <Page
            title={t("owner.title")}
            heading={
              drove()
                ? t("owner.headline", { mass: f.mass(report()?.totals.co2SavedKg ?? 0) })
                : t("owner.title")
            }
            lead={
              <Show when={drove()} fallback={t("owner.nothing")}>
                <Loaded query={wallet}>
                  {(held) => <span>{t("owner.sellable", { credits: f.credits(held().balance) })}</span>}
                </Loaded>
              </Show>
            }
            actions={
              <Show
                when={drove()}
                fallback={<LinkButton href="/owner/vehicles">{t("owner.addCar")}</LinkButton>}
              >
                <LinkButton href="/owner/listings/new">{t("owner.list")}</LinkButton>
              </Show>
            }
          >
            <div class="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
              <Stat
                label={t("owner.avoided")}
                value={f.mass(report()?.totals.co2SavedKg ?? 0)}
                href="/owner/vehicles"
              />
              <Loaded query={wallet}>
                {(held) => (
                  <>
                    <Stat
                      label={t("owner.available")}
                      value={f.credits(held().balance)}
                      note={f.creditsMass(held().balance)}
                      href="/owner/wallet"
                    />
                    <Stat
                      label={t("owner.reserved")}
                      value={f.credits(held().reserved)}
                      note={gramsOf(held().reserved) > 0n ? f.creditsMass(held().reserved) : undefined}
                      href="/owner/listings"
                    />
                  </>
                )}
              </Loaded>
              <Loaded query={balance}>
                {(money) => (
                  <Stat
                    label={t("owner.balance")}
                    value={f.money(money().available, money().currency)}
                    href="/owner/earnings"
                  />
                )}
              </Loaded>
            </div>
            <Show when={(report()?.series.length ?? 0) > 0}>
              <Card class="mt-4 min-w-0">
                <h2 class="mb-3 text-base font-semibold">{t("owner.chart")}</h2>
                <BarChart
                  title={t("owner.chart")}
                  labelHeader={t("column.month")}
                  valueHeader={t("column.co2")}
                  points={(report()?.series ?? []).slice(-12).map((month) => ({
                    label: f.period(month.period),
                    heading: f.period(month.period),
                    value: month.co2SavedKg,
                  }))}
                  format={(kg) => f.mass(kg)}
                />
              </Card>
            </Show>
          </Page>
        );
      }}
    </Loaded>
  );
}
