import { Button, Dialog, NumberInput } from "@evx/ui";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { minorOf } from "../marketplace/amounts.ts";

type Row = Answer<typeof api.marketplace.listings.mine>["items"][number];

/** Another price for a listing of which nothing was ordered yet. */
export const PriceDialog = (props: { row: Row; onClose: () => void; onDone: () => void }) => {
  const t = useText("selling");
  const f = useFormat();
  const form = createForm({
    initial: { pricePerCredit: props.row.pricePerCredit },
    check: ({ pricePerCredit }) => ({
      pricePerCredit: (minorOf(pricePerCredit, props.row.currency) ?? 0n) <= 0n && t("check.price"),
    }),
    submit: async ({ pricePerCredit }) => {
      await api.marketplace.listings.changePrice.call({ id: props.row.id, pricePerCredit });
      props.onDone();
    },
  });
  return (
    <Dialog open title={t("price.title")} onOpen={(open) => !open && props.onClose()}>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <p>{t("price.lead", { price: f.money(props.row.pricePerCredit, props.row.currency) })}</p>
        <NumberInput
          label={t("new.price")}
          unit={props.row.currency}
          {...form.text("pricePerCredit")}
          required
        />
        <FormFailure form={form} />
        <Button type="submit" class="justify-self-start" busy={form.busy()}>
          {t("price.action")}
        </Button>
      </form>
    </Dialog>
  );
};
