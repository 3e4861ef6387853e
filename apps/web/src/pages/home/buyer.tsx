import { Card, LinkButton, Stat, TimeChart } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { pointsOf } from "../../lib/periods.ts";
import { useSession } from "../../lib/session.ts";

/** A buyer's home: what they hold, and the way to the market. */
export default function BuyerHome() {
  const t = useText("home");
  const f = useFormat();
  const session = useSession();
  const self = () => ({ userId: session.userId() });
  const wallet = useQuery(api.credits.wallet.queryOptions(self));
  const personal = useQuery(api.reports.personal.queryOptions(self));

  return (
    <Loaded query={wallet}>
      {(held) => (
        <Page
          title={t("buyer.title")}
          heading={
            gramsOf(held().balance) > 0n
              ? t("buyer.headline", { credits: f.credits(held().balance) })
              : t("buyer.title")
          }
          lead={t("buyer.nothing")}
          actions={<LinkButton href="/marketplace">{t("buyer.shop")}</LinkButton>}
        >
          <Loaded query={personal}>
            {(answer) => {
              const report = () => {
                const given = answer();
                return "totals" in given ? given : null;
              };
              return (
                <Show when={report()}>
                  {(known) => (
                    <>
                      <div class="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
                        <Stat
                          label={t("buyer.held")}
                          value={f.credits(held().balance)}
                          note={f.creditsMass(held().balance)}
                          href="/buyer/wallet"
                        />
                        <Stat
                          label={t("buyer.retired")}
                          value={f.credits(held().retired)}
                          href="/buyer/certificates"
                        />
                        <Stat
                          label={t("buyer.spent")}
                          value={f.money(known().totals.spent, known().currency)}
                          href="/buyer/purchases"
                        />
                        <Stat
                          label={t("buyer.purchases")}
                          value={f.number(known().totals.purchases)}
                          href="/buyer/purchases"
                        />
                      </div>
                      <Show when={known().series.length > 0}>
                        <Card class="mt-4 min-w-0">
                          <h2 class="mb-3 text-base font-semibold">{t("buyer.chart")}</h2>
                          <TimeChart
                            mark="bars"
                            title={t("buyer.chart")}
                            labelHeader={t("column.month")}
                            valueHeader={t("column.bought")}
                            points={pointsOf(
                              known().series,
                              12,
                              f,
                              (month) => Number(gramsOf(month.creditsBought)) / 1000,
                            )}
                            format={(kg) => f.mass(kg)}
                          />
                        </Card>
                      </Show>
                    </>
                  )}
                </Show>
              );
            }}
          </Loaded>
        </Page>
      )}
    </Loaded>
  );
}
