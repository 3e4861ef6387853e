import { Button } from "@evx/ui";
import { createSignal, Show } from "solid-js";
import { part } from "../../frame/part.tsx";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";
import { totalText } from "./amounts.ts";
import { Action } from "./buy.tsx";
import type { Detail } from "./words.ts";

const BuyDialog = part(() => import("./buy-dialog.tsx"));

/** Takes a whole auction at its price, as long as nobody has bid. */
export const BuyNow = (props: { listing: Detail; price: string }) => {
  const t = useText("listing");
  const f = useFormat();
  const [asking, setAsking] = createSignal(false);
  const money = (text: string) => f.money(text, props.listing.currency);
  const priced = () => ({ ...props.listing, pricePerCredit: props.price });
  return (
    <div class="mt-4 grid gap-2 border-t border-line pt-4">
      <Action asks="buy">
        <Button variant="secondary" wide onClick={() => setAsking(true)}>
          {t("buyNow.action", {
            total: money(totalText(props.listing.creditsAmount, props.price, props.listing.currency)),
          })}
        </Button>
      </Action>
      <p class="text-xs text-muted">{t("buyNow.note", { price: money(props.price) })}</p>
      <Show when={asking()}>
        <BuyDialog
          listing={priced()}
          credits={props.listing.creditsAmount}
          onClose={() => setAsking(false)}
        />
      </Show>
    </div>
  );
};
