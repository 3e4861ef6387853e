import { Button, CopyText, LinkButton, Segmented, Skeleton } from "@evx/ui";
import { useSearchParams } from "@solidjs/router";
import { skipToken, useQuery } from "@tanstack/solid-query";
import { createSignal, Match, Show, Switch } from "solid-js";
import { Grams } from "../../frame/grams.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { oneOf } from "../../lib/asked.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { BookOfDay } from "./book.tsx";
import { History } from "./history.tsx";
import { Lots } from "./lots.tsx";
import { OwnRetirements } from "./retirements.tsx";
import type { Wallet } from "./words.ts";

const TransferDialog = part(() => import("./transfer.tsx"));
const RetireDialog = part(() => import("./retire-dialog.tsx"));

const views = ["history", "lots", "retirements"] as const;

/** What a person has, where it came from and where it went. The main action: sell for an owner, retire for a buyer. */
export default function WalletPage() {
  const t = useText("credits");
  const f = useFormat();
  const session = useSession();
  const [search, setSearch] = useSearchParams<{ view?: string }>();
  const [asking, setAsking] = createSignal<"transfer" | "retire" | null>(null);
  const asked = oneOf(search, "view", views);
  const view = () => asked() ?? "history";
  const wallet = useQuery(
    api.credits.wallet.queryOptions(() => (session.userId() ? { userId: session.userId() } : skipToken)),
  );
  const known = (): Wallet | undefined => (wallet.isPending ? undefined : wallet.data);
  const some = () => gramsOf(known()?.balance ?? "0") > 0n;
  const isOwner = () => session.role() === "ev_owner";

  return (
    <Page
      title={t("wallet.title")}
      heading={
        <Show when={known()} fallback={t("wallet.title")}>
          {(data) => (some() ? t("wallet.some", { amount: f.credits(data().balance) }) : t("wallet.none"))}
        </Show>
      }
      above={t("wallet.title")}
      lead={
        <Show when={known()} fallback={<Skeleton class="h-5 w-72 max-w-full" />}>
          {(data) => (
            <Show when={some()} fallback={t(isOwner() ? "wallet.leadNone.owner" : "wallet.leadNone.buyer")}>
              {t("wallet.lead", { mass: f.creditsMass(data().balance) })}
            </Show>
          )}
        </Show>
      }
      actions={
        <Show
          when={some()}
          fallback={
            <LinkButton href={isOwner() ? "/owner/vehicles" : "/marketplace"}>
              {t(isOwner() ? "wallet.start" : "wallet.buy")}
            </LinkButton>
          }
        >
          <Button variant="secondary" onClick={() => setAsking("transfer")}>
            {t("wallet.transfer")}
          </Button>
          <Show
            when={isOwner()}
            fallback={<Button onClick={() => setAsking("retire")}>{t("wallet.retire")}</Button>}
          >
            <Button variant="secondary" onClick={() => setAsking("retire")}>
              {t("wallet.retire")}
            </Button>
            <LinkButton href="/owner/listings/new">{t("wallet.sell")}</LinkButton>
          </Show>
        </Show>
      }
    >
      <div class="grid gap-6">
        <Loaded query={wallet} skeleton={<Skeleton lines={3} class="h-20 w-full" />}>
          {(data) => (
            <Grams
              title={t("wallet.grams")}
              parts={[
                { state: "held", grams: gramsOf(data().balance), label: t("wallet.free") },
                { state: "listed", grams: gramsOf(data().reserved), label: t("wallet.reserved") },
                { state: "retired", grams: gramsOf(data().retired), label: t("wallet.retired") },
              ]}
            />
          )}
        </Loaded>
        <Show when={session.userId()}>{(id) => <BookOfDay userId={id()} />}</Show>
        <div class="flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
          <Segmented
            label={t("wallet.view")}
            value={view()}
            options={views.map((value) => ({ value, label: t(`view.${value}`) }))}
            onValue={(value) => setSearch({ view: value === "history" ? undefined : value })}
          />
          <Show when={session.userId()}>
            {(id) => (
              <div class="min-w-0 text-xs text-muted">
                <span class="font-medium text-ink">{t("wallet.number")}</span>{" "}
                <CopyText text={id()} label={t("wallet.number")} />
                <p>{t("wallet.number.note")}</p>
              </div>
            )}
          </Show>
        </div>
        <Show when={session.userId()}>
          {(id) => (
            <Switch fallback={<History userId={id()} />}>
              <Match when={view() === "lots"}>
                <Lots userId={id()} />
              </Match>
              <Match when={view() === "retirements"}>
                <OwnRetirements userId={id()} />
              </Match>
            </Switch>
          )}
        </Show>
      </div>
      <Show when={known()}>
        {(data) => (
          <>
            <Show when={asking() === "transfer"}>
              <TransferDialog wallet={data()} onClose={() => setAsking(null)} />
            </Show>
            <Show when={asking() === "retire"}>
              <RetireDialog wallet={data()} onClose={() => setAsking(null)} />
            </Show>
          </>
        )}
      </Show>
    </Page>
  );
}
