import { isReason } from "./words.ts";

/** The form of a retirement, as typed. */
export const emptyRetirement = {
  amount: "",
  beneficiaryName: "",
  beneficiaryCountry: "",
  beneficiaryLei: "",
  periodFrom: "",
  periodTo: "",
  reason: "",
  message: "",
};

export type RetirementForm = typeof emptyRetirement;

/** A period that ends before it begins; an open end is none. */
const periodIsWrong = ({ periodFrom, periodTo }: RetirementForm): boolean =>
  periodFrom !== "" && periodTo !== "" && periodFrom > periodTo;

/** What of the fields beside the amount is missing or wrong, in the reader's words. */
export const wrongIn = (
  values: RetirementForm,
  t: (key: "retire.beneficiaryCheck" | "retire.reasonCheck" | "retire.periodCheck") => string,
) => ({
  beneficiaryName: !values.beneficiaryName.trim() && t("retire.beneficiaryCheck"),
  reason: !isReason(values.reason) && t("retire.reasonCheck"),
  periodTo: periodIsWrong(values) && t("retire.periodCheck"),
});

/** What is sent: without the fields that were left empty, without spaces around names. Null without a reason. */
export const retirementOf = (form: RetirementForm) => {
  const { reason, beneficiaryCountry, periodFrom, periodTo } = form;
  const [message, beneficiaryLei] = [form.message.trim(), form.beneficiaryLei.trim()];
  if (!isReason(reason)) return null;
  return {
    beneficiaryName: form.beneficiaryName.trim(),
    reason,
    ...(beneficiaryCountry ? { beneficiaryCountry } : {}),
    ...(beneficiaryLei ? { beneficiaryLei } : {}),
    ...(periodFrom ? { periodFrom } : {}),
    ...(periodTo ? { periodTo } : {}),
    ...(message ? { message } : {}),
  };
};
