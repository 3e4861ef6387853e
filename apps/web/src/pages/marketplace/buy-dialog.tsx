import { newId } from "@evx/kernel";
import { Button, DescriptionList, Dialog } from "@evx/ui";
import { useNavigate } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { totalText } from "./amounts.ts";
import type { Detail } from "./words.ts";

/** Reserves the credits and goes on to paying them. The order is named here, so pressing twice orders once. */
export default function BuyDialog(props: { listing: Detail; credits: string; onClose: () => void }) {
  const t = useText("listing");
  const f = useFormat();
  const navigate = useNavigate();
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<unknown>(null);
  const id = newId("order");
  const terms = useQuery(api.marketplace.listings.terms.with({ staleTime: 60_000 }).queryOptions());
  const money = (text: string) => f.money(text, props.listing.currency);

  const buy = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const wish = { id, listingId: props.listing.id, creditsAmount: props.credits };
      await api.marketplace.orders.place.call(wish);
    } catch (error) {
      setFailure(error);
      setBusy(false);
      return;
    }
    // There the buyer chooses how to pay, and sees what each way charges.
    navigate(`/pay/${id}`);
  };

  return (
    <Dialog
      open
      onOpen={(open) => !open && !busy() && props.onClose()}
      title={t("dialog.title", { credits: f.credits(props.credits) })}
      description={terms.isSuccess ? t("dialog.lead", { minutes: terms.data.paymentWindowMinutes }) : ""}
      actions={
        <>
          <Button variant="secondary" disabled={busy()} onClick={props.onClose}>
            {t("dialog.cancel")}
          </Button>
          <Button busy={busy()} onClick={() => void buy()}>
            {t("dialog.confirm")}
          </Button>
        </>
      }
    >
      <DescriptionList
        items={[
          { label: t("dialog.price"), value: money(props.listing.pricePerCredit) },
          {
            label: t("dialog.total"),
            value: money(totalText(props.credits, props.listing.pricePerCredit, props.listing.currency)),
            strong: true,
          },
        ]}
      />
      <Show when={failure()}>{(error) => <Failure error={error()} />}</Show>
    </Dialog>
  );
}
