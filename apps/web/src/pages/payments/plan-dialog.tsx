import { Button, Dialog, NumberInput, Select } from "@evx/ui";
import { useQueryClient } from "@tanstack/solid-query";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import { useSession } from "../../lib/session.ts";
import { BankFields, bankNames, bankOf, emptyBank, useBankChecks } from "./bank-fields.tsx";

const everies = ["week", "month"] as const;

/** Asks how often a balance goes to which account, and from how much on. */
export default function PlanDialog(props: {
  currency: string;
  ways: readonly string[];
  open: boolean;
  onOpen: (open: boolean) => void;
}) {
  const m = useText("money");
  const f = useFormat();
  const session = useSession();
  const client = useQueryClient();
  const checks = useBankChecks();
  const form = createForm({
    initial: {
      every: "month" as (typeof everies)[number],
      minimum: "",
      ...emptyBank(f.locale(), session.user()?.fullName),
    },
    check: (values) => ({ minimum: !values.minimum && m("plan.needMinimum"), ...checks(values) }),
    names: { ...bankNames, minimum: "minimum" },
    submit: async ({ every, minimum, ...bank }) => {
      await api.payments.setPlan.call({ every, minimum, bankAccount: bankOf(bank) });
      await client.invalidateQueries({ queryKey: api.payments.plan.key() });
      props.onOpen(false);
      void notify.success(m("plan.done"));
    },
  });
  return (
    <Dialog open={props.open} onOpen={props.onOpen} title={m("plan.dialog")} description={m("plan.lead")}>
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <Select
          label={m("plan.every")}
          options={everies.map((value) => ({ value, label: m(`plan.every.${value}`) }))}
          {...form.text("every")}
        />
        <NumberInput label={m("plan.minimum")} unit={props.currency} {...form.text("minimum")} required />
        <BankFields form={form} ways={props.ways} />
        <FormFailure form={form} />
        <Button type="submit" wide busy={form.busy()}>
          {m("plan.save")}
        </Button>
      </form>
    </Dialog>
  );
}
