import { Button, Card, DescriptionList, LinkButton, NumberInput } from "@evx/ui";
import { useLocation } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { amountOf, totalText } from "./amounts.ts";
import type { Detail } from "./words.ts";

const BuyDialog = part(() => import("./buy-dialog.tsx"));

/** How much of a fixed-price listing, for what total. */
export const Buy = (props: { listing: Detail; own: boolean }) => {
  const t = useText("listing");
  const f = useFormat();
  const session = useSession();
  const [typed, setTyped] = createSignal<string | null>(null);
  const [asking, setAsking] = createSignal(false);
  const [tried, setTried] = createSignal(false);

  const left = () => props.listing.creditsRemaining;
  // Until something is typed the whole rest is meant, also when it shrinks meanwhile.
  const amount = () => typed() ?? String(Number(left()));
  const problem = () => {
    const grams = amountOf(amount());
    if (grams === null) return t("buy.check");
    return grams > gramsOf(left()) ? t("buy.tooMuch", { amount: f.credits(left()) }) : undefined;
  };
  const total = () => {
    if (amountOf(amount()) === null) return "";
    return f.money(
      totalText(amount(), props.listing.pricePerCredit, props.listing.currency),
      props.listing.currency,
    );
  };

  return (
    <Card>
      <p class="flex flex-wrap items-baseline gap-x-2">
        <span class="figure text-[2.75rem]" data-figure>
          {f.money(props.listing.pricePerCredit, props.listing.currency)}
        </span>
        <span class="text-muted">{t("buy.perCredit")}</span>
      </p>
      <Show when={gramsOf(left()) > 0n} fallback={<p class="mt-3 text-muted">{t("buy.reserved")}</p>}>
        <DescriptionList class="mt-3" items={[{ label: t("buy.left"), value: <Left credits={left()} /> }]} />
        <Show when={!props.own}>
          <form
            novalidate
            class="mt-3 grid gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              setTried(true);
              if (!problem()) setAsking(true);
            }}
          >
            <NumberInput
              label={t("buy.amount")}
              hint={t("buy.amountHint", { amount: f.credits(left()) })}
              error={typed() !== null || tried() ? problem() : undefined}
              value={amount()}
              onValue={setTyped}
            />
            <Action asks="buy">
              <Button type="submit" wide size="lg">
                {total() ? t("buy.action", { total: total() }) : t("buy.button")}
              </Button>
            </Action>
          </form>
        </Show>
      </Show>
      <Show when={asking() && session.role() === "buyer"}>
        <BuyDialog listing={props.listing} credits={amount()} onClose={() => setAsking(false)} />
      </Show>
    </Card>
  );
};

const Left = (props: { credits: string }) => {
  const f = useFormat();
  return (
    <>
      {f.credits(props.credits)} <span class="text-muted">({f.creditsMass(props.credits)} CO₂)</span>
    </>
  );
};

/** The button for buyers; a visitor is asked to sign in first, and others are told who can buy. */
export const Action = (props: { asks: "buy" | "bid"; children: import("solid-js").JSX.Element }) => {
  const t = useText("listing");
  const session = useSession();
  const location = useLocation();
  return (
    <Show
      when={session.user()}
      fallback={
        <LinkButton size="lg" wide href={`/sign-in?next=${encodeURIComponent(location.pathname)}`}>
          {t(props.asks === "buy" ? "buy.signIn" : "buy.signInBid")}
        </LinkButton>
      }
    >
      <Show when={session.role() === "buyer"} fallback={<p class="text-muted">{t("buy.forBuyers")}</p>}>
        {props.children}
      </Show>
    </Show>
  );
};
