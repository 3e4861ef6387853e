import { Card, EmptyState, LinkButton } from "@evx/ui";
import { skipToken, useQuery } from "@tanstack/solid-query";
import { createEffect, createSignal, Show } from "solid-js";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { gramsOf } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { RetireForm } from "./retire-form.tsx";

/** Retirement as a page of its own. */
export default function RetirePage() {
  const t = useText("credits");
  const session = useSession();
  const [started, setStarted] = createSignal(false);
  const wallet = useQuery(
    api.credits.wallet.queryOptions(() => (session.userId() ? { userId: session.userId() } : skipToken)),
  );
  // Once there was something, the form stays: retiring the last gram must not take its certificate away.
  createEffect(() => {
    if (wallet.isSuccess && gramsOf(wallet.data.balance) > 0n) setStarted(true);
  });
  return (
    <Page title={t("retire.title")} lead={t("retire.lead")} narrow>
      <Card>
        <Loaded query={wallet}>
          {(data) => (
            <Show
              when={started()}
              fallback={
                <EmptyState
                  title={t("retire.nothing")}
                  action={<LinkButton href="/marketplace">{t("wallet.buy")}</LinkButton>}
                >
                  {t("retire.nothingBody")}
                </EmptyState>
              }
            >
              <RetireForm wallet={data()} />
            </Show>
          )}
        </Loaded>
      </Card>
    </Page>
  );
}
