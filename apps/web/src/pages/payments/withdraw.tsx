import { newId } from "@evx/kernel";
import { Button, Dialog, NumberInput } from "@evx/ui";
import { useQueryClient } from "@tanstack/solid-query";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api } from "../../lib/api.ts";
import { apiError } from "../../lib/errors.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import { useSession } from "../../lib/session.ts";
import { BankFields, bankNames, bankOf, emptyBank, useBankChecks } from "./bank-fields.tsx";

type Balance = Answer<typeof api.payments.balance>;

/** Asks how much goes to which account. The withdrawal is named here, so a second press is the same one. */
export default function Withdraw(props: {
  balance: Balance;
  open: boolean;
  onOpen: (open: boolean) => void;
}) {
  const t = useText("payments");
  const f = useFormat();
  const session = useSession();
  const client = useQueryClient();
  const checks = useBankChecks();
  let withdrawalId = newId("withdrawal");

  const money = (amount: string) => f.money(amount, props.balance.currency);
  const form = createForm({
    initial: { amount: "", ...emptyBank(f.locale(), session.user()?.fullName) },
    check: (values) => ({ amount: !values.amount && t("check.amount"), ...checks(values) }),
    names: bankNames,
    submit: async ({ amount, ...bank }) => {
      try {
        const { withdrawal } = await api.payments.withdraw.call({
          withdrawalId,
          amount,
          bankAccount: bankOf(bank),
        });
        await Promise.all([
          client.invalidateQueries({ queryKey: api.payments.balance.key() }),
          client.invalidateQueries({ queryKey: api.payments.withdrawals.key() }),
        ]);
        props.onOpen(false);
        const shown = money(withdrawal.amount);
        void notify.success(
          withdrawal.status === "requested"
            ? t("form.asked", { amount: shown })
            : t("form.sent", { amount: shown, account: withdrawal.bankAccountMasked }),
        );
      } catch (error) {
        // Refused input is corrected and asked for anew. Where no answer came it may have been heard, so the name stays.
        if (apiError(error).code !== "network") withdrawalId = newId("withdrawal");
        throw error;
      }
    },
  });
  const isAmount = () => /^\d+(\.\d+)?$/.test(form.values.amount);

  return (
    <Dialog
      open={props.open}
      onOpen={props.onOpen}
      title={t("form.title")}
      description={t("form.lead", { amount: money(props.balance.available) })}
    >
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <div class="grid gap-1.5">
          <NumberInput
            label={t("form.amount")}
            unit={props.balance.currency}
            {...form.text("amount")}
            required
          />
          <Button
            type="button"
            variant="quiet"
            size="sm"
            class="justify-self-start"
            onClick={() => form.set("amount", props.balance.available)}
          >
            {t("form.all")}
          </Button>
        </div>
        <BankFields form={form} ways={props.balance.ways} />
        <FormFailure form={form} />
        <Button type="submit" wide busy={form.busy()}>
          {isAmount() ? t("form.send", { amount: money(form.values.amount) }) : t("form.sendPlain")}
        </Button>
      </form>
    </Dialog>
  );
}
