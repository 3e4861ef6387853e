import { isReason } from "./words.ts";

/** The form of a retirement, as typed. */
export const emptyRetirement = {
  amount: "",
  beneficiaryName: "",
  beneficiaryCountry: "",
  periodFrom: "",
  periodTo: "",
  reason: "",
  message: "",
};

export type RetirementForm = typeof emptyRetirement;

/** A period that ends before it begins; an open end is none. */
export const periodIsWrong = ({ periodFrom, periodTo }: RetirementForm): boolean =>
  periodFrom !== "" && periodTo !== "" && periodFrom > periodTo;

/** What is sent: without the fields that were left empty, without spaces around names. Null without a reason. */
export const retirementOf = (form: RetirementForm, retirementId: string) => {
  const { amount, reason, beneficiaryCountry, periodFrom, periodTo } = form;
  const message = form.message.trim();
  if (!isReason(reason)) return null;
  return {
    retirementId,
    amount,
    beneficiaryName: form.beneficiaryName.trim(),
    reason,
    ...(beneficiaryCountry ? { beneficiaryCountry } : {}),
    ...(periodFrom ? { periodFrom } : {}),
    ...(periodTo ? { periodTo } : {}),
    ...(message ? { message } : {}),
  };
};
