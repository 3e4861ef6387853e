import { newId } from "@evx/kernel";
import { Button, DescriptionList, LinkButton, Notice } from "@evx/ui";
import { useQueryClient } from "@tanstack/solid-query";
import Download from "lucide-solid/icons/download";
import { createSignal, Match, Switch } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { apiError } from "../../lib/errors.ts";
import { createForm } from "../../lib/form.ts";
import { useFormat } from "../../lib/format.ts";
import { AmountInput, useAmountCheck } from "./amount.tsx";
import { walletMoved } from "./refresh.ts";
import { RetireFields } from "./retire-fields.tsx";
import { emptyRetirement, retirementOf, wrongIn } from "./retirement.ts";
import { SerialList } from "./serials.tsx";
import { isReason, type Wallet } from "./words.ts";

type Certificate = Awaited<ReturnType<typeof api.verification.certificates.retire.call>>["certificate"];

/** Asks what to retire and for whom, once more before it is done for good, then hands over the certificate. */
export const RetireForm = (props: { wallet: Wallet; onStep?: (title: string, lead: string) => void }) => {
  const t = useText("credits");
  const transfer = useText("transfer");
  const f = useFormat();
  const client = useQueryClient();
  const checkAmount = useAmountCheck();
  const [sure, setSure] = createSignal(false);
  const [certificate, setCertificate] = createSignal<Certificate | null>(null);
  // One name for one intention: pressing again after a lost answer is the same retirement.
  let retirementId = newId("retirement");

  const form = createForm({
    draft: "retirement",
    initial: emptyRetirement,
    check: (values) => ({
      amount: checkAmount(values.amount, props.wallet.balance),
      ...wrongIn(values, t),
    }),
    submit: async (values) => {
      const beneficiary = retirementOf(values);
      if (!beneficiary) return false;
      const input = { ...beneficiary, retirementId, amount: values.amount };
      if (!sure()) {
        setSure(true);
        return false;
      }
      const answer = await api.verification.certificates.retire.call(input).catch((error: unknown) => {
        if (apiError(error).code !== "network") retirementId = newId("retirement");
        throw error;
      });
      retirementId = newId("retirement");
      setCertificate(answer.certificate);
      return walletMoved(client);
    },
  });
  const again = () => {
    form.reset();
    setSure(false);
    setCertificate(null);
  };
  const summary = () => {
    const { amount, beneficiaryName, beneficiaryCountry, beneficiaryLei, reason, periodFrom, periodTo } =
      form.values;
    const message = form.values.message;
    const day = (text: string) => f.date(`${text}T12:00:00`);
    return [
      { label: t("retire.amount"), value: f.credits(amount, { all: true }), strong: true },
      { label: t("details.mass"), value: f.creditsMass(amount) },
      { label: t("retire.beneficiary"), value: beneficiaryName.trim(), strong: true },
      ...(beneficiaryCountry ? [{ label: t("retire.country"), value: f.country(beneficiaryCountry) }] : []),
      ...(beneficiaryLei.trim() ? [{ label: "LEI", value: beneficiaryLei.trim() }] : []),
      ...(isReason(reason) ? [{ label: t("retire.reason"), value: t(`reason.${reason}`) }] : []),
      ...(periodFrom ? [{ label: t("retire.periodFrom"), value: day(periodFrom) }] : []),
      ...(periodTo ? [{ label: t("retire.periodTo"), value: day(periodTo) }] : []),
      ...(message.trim() ? [{ label: t("retire.message"), value: message.trim() }] : []),
    ];
  };

  return (
    <Switch>
      <Match when={certificate()}>
        {(done) => (
          <div class="grid gap-4" aria-live="polite">
            <Notice tone="positive" title={t("retire.done", { amount: f.credits(done().creditsAmount) })}>
              {t("retire.doneBody")}
            </Notice>
            <SerialList serials={done().serials} />
            <div class="flex flex-wrap gap-2">
              <LinkButton href={`/certificates/${done().certificateNumber}`}>
                {t("retire.certificate")}
              </LinkButton>
              <LinkButton
                variant="secondary"
                href={done().pdfUrl}
                download=""
                icon={<Download size={16} aria-hidden="true" />}
              >
                {t("retire.pdf")}
              </LinkButton>
              <Button variant="quiet" onClick={again}>
                {t("retire.again")}
              </Button>
            </div>
          </div>
        )}
      </Match>
      <Match when={sure()}>
        <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
          <Notice
            tone="warning"
            title={t("retire.confirm", {
              amount: f.credits(form.values.amount),
              name: form.values.beneficiaryName.trim(),
            })}
          >
            {t("retire.confirmBody")}
          </Notice>
          <DescriptionList items={summary()} />
          <FormFailure form={form} />
          <div class="flex flex-wrap justify-end gap-2">
            <Button variant="secondary" onClick={() => setSure(false)}>
              {transfer("back")}
            </Button>
            <Button type="submit" busy={form.busy()}>
              {t("retire.do")}
            </Button>
          </div>
        </form>
      </Match>
      <Match when={true}>
        <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
          <AmountInput label={t("retire.amount")} free={props.wallet.balance} {...form.text("amount")} />
          <RetireFields form={form} />
          <FormFailure form={form} />
          <Button type="submit" wide>
            {t("retire.next")}
          </Button>
        </form>
      </Match>
    </Switch>
  );
};
