import { Button, Dialog, EmptyState, TextArea } from "@evx/ui";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { useSession } from "../../lib/session.ts";
import { AmountInput, useAmountCheck } from "../credits/amount.tsx";
import { walletMoved } from "../credits/refresh.ts";
import type { Shortfall } from "./shortfalls.tsx";

type Props = { row: Shortfall; onClose: () => void };

/** The operator's own credits go out of circulation for what was sold. */
export const Replace = (props: Props) => {
  const t = useText("disputes");
  const session = useSession();
  const wallet = useQuery(api.credits.wallet.queryOptions(() => ({ userId: session.userId() ?? "" })));
  return (
    <Dialog
      open
      title={t("short.replaceTitle", { number: props.row.number })}
      onOpen={(open) => !open && props.onClose()}
    >
      <p class="mb-4">{t("short.replaceLead")}</p>
      <Loaded query={wallet}>
        {(data) => (
          <Show
            when={gramsOf(data().balance) > 0n && gramsOf(props.row.missing) > 0n}
            fallback={
              <p class="break-words text-muted">
                {gramsOf(props.row.missing) > 0n
                  ? t("short.noCredits", { wallet: session.userId() ?? "" })
                  : t("short.comesBack")}
              </p>
            }
          >
            <ReplaceForm {...props} balance={data().balance} />
          </Show>
        )}
      </Loaded>
    </Dialog>
  );
};

const ReplaceForm = (props: Props & { balance: string }) => {
  const t = useText("disputes");
  const check = useAmountCheck();
  const client = useQueryClient();
  const least = () =>
    gramsOf(props.balance) < gramsOf(props.row.missing) ? props.balance : props.row.missing;
  const form = createForm({
    initial: { amount: least(), note: "" },
    check: ({ amount, note }) => ({
      amount: check(amount, least()),
      note: !note.trim() && t("short.noteCheck"),
    }),
    submit: async ({ amount, note }) => {
      await api.credits.shortfalls.makeUp.call({ number: props.row.number, amount, note });
      await walletMoved(client);
      await client.invalidateQueries({ queryKey: api.credits.shortfalls.list.key() });
      props.onClose();
    },
  });
  return (
    <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
      <AmountInput label={t("short.amount")} free={least()} {...form.text("amount")} />
      <TextArea label={t("short.note")} maxlength={500} {...form.text("note")} required />
      <FormFailure form={form} />
      <Button type="submit" class="justify-self-start" busy={form.busy()}>
        {t("short.replace")}
      </Button>
    </form>
  );
};

type Sale = Answer<typeof api.marketplace.revokedSales.list>["items"][number];

/** Sales of the batch whose buyers still have what they bought, each with a way to give the money back. */
export const Refunds = (props: Props) => {
  const t = useText("disputes");
  const sales = useQuery(
    api.marketplace.revokedSales.list.queryOptions(() => ({ number: props.row.number })),
  );
  return (
    <Dialog
      open
      title={t("short.refundTitle", { number: props.row.number })}
      onOpen={(open) => !open && props.onClose()}
    >
      <p class="mb-4">{t("short.refundLead")}</p>
      <Loaded query={sales}>
        {(data) => (
          <Show
            when={data().items.length > 0}
            fallback={<EmptyState title={t("short.refunds")}>{t("short.noSales")}</EmptyState>}
          >
            <ul class="grid gap-4">
              <For each={data().items}>{(sale) => <RefundLine number={props.row.number} sale={sale} />}</For>
            </ul>
          </Show>
        )}
      </Loaded>
    </Dialog>
  );
};

const RefundLine = (props: { number: string; sale: Sale }) => {
  const t = useText("disputes");
  const f = useFormat();
  const [done, setDone] = createSignal(false);
  const form = createForm({
    initial: {},
    check: () => ({}),
    submit: async () => {
      const note = t("short.refundNote");
      await api.marketplace.revokedSales.refund.call({ number: props.number, id: props.sale.orderId, note });
      setDone(true);
    },
  });
  return (
    <li class="flex flex-wrap items-center justify-between gap-2">
      <div class="min-w-0">
        <span class="block font-semibold break-words">{props.sale.buyer.name}</span>
        <span class="block text-muted">
          {t("short.sale", {
            amount: f.credits(props.sale.creditsAmount),
            ofBatch: f.credits(props.sale.ofBatch),
          })}
        </span>
      </div>
      <form novalidate onSubmit={form.onSubmit}>
        <Show when={!done()} fallback={<span class="text-muted">{t("short.refunded")}</span>}>
          <Button type="submit" variant="danger" size="sm" busy={form.busy()}>
            {t("short.refund", { price: f.money(props.sale.totalPrice, props.sale.currency) })}
          </Button>
        </Show>
        <FormFailure form={form} />
      </form>
    </li>
  );
};
