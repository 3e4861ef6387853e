import type { BankAccount } from "@evx/adapters";
import { wrongWithCode } from "./banks.ts";
import { refuse } from "./errors.ts";

/** What a person may write for a bank account: one line, or its parts. */
export type BankInput =
  | string
  | { number: string; holder: string; bankName: string; bankCode: string; country: string };

const isIban = (text: string): boolean => {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false;
  // ISO 13616: the first four places go to the end, letters count from 10, and the whole is 1 modulo 97.
  const digits = (text.slice(4) + text.slice(0, 4)).replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
};

/** Countries whose accounts have IBANs (SWIFT's registry). */
const ibanCountries = new Set(
  (
    "AD AE AL AT AZ BA BE BG BH BI BR BY CH CR CY CZ DE DJ DK DO EE EG ES FI FK FO FR GB GE GI GL GR GT HR HU IE IL IQ IS IT " +
    "JO KW KZ LB LC LI LT LU LV LY MC MD ME MK MN MR MT MU NI NL NO OM PK PL PS PT QA RO RS RU SA SC SD SE SI SK SM SO ST SV " +
    "TL TN TR UA VA VG XK YE"
  ).split(" "),
);

/** Written as an IBAN, whether right or with a slip in it: then money would come back, or reach somebody else. */
const isMeantAsIban = (text: string): boolean =>
  /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text) && ibanCountries.has(text.slice(0, 2));

/** An account number: an IBAN whose check digits are right, or 4 to 34 letters and digits with a digit among them. */
const numberIn = (text: string): string | null => {
  const plain = text.replace(/[\s.-]/g, "").toUpperCase();
  if (isIban(plain)) return plain;
  if (isMeantAsIban(plain)) return null;
  return /^(?=.*\d)[A-Z0-9]{4,34}$/.test(plain) ? plain : null;
};

/**
 * Reads "Vietcombank 0071 0012 34567" or "GB29 NWBK 6016 1331 9268 19": an IBAN where the whole line is one,
 * else the last run of at least six digits is the number and the rest the bank's name.
 */
const bankInLine = (line: string): { number: string; bankName: string } | null => {
  const whole = line.replace(/[\s.-]/g, "").toUpperCase();
  if (isIban(whole)) return { number: whole, bankName: "" };
  if (isMeantAsIban(whole)) return null;
  const runs = [...line.matchAll(/\d(?:[\d\s.-]*\d)?/g)].filter(
    (run) => run[0].replace(/\D/g, "").length >= 6,
  );
  const last = runs.at(-1);
  if (last) {
    const bankName = `${line.slice(0, last.index)}${line.slice(last.index + last[0].length)}`
      .replace(/[\s,;:/()#-]+/g, " ")
      .trim();
    return { number: last[0].replace(/\D/g, ""), bankName };
  }
  const number = numberIn(line);
  return number ? { number, bankName: "" } : null;
};

/** An e-mail address as PayPal pays to one, with or without the word before it. */
const addressIn = (text: string): string | null => {
  const plain = text.replace(/^\s*paypal[\s:,-]+/i, "").trim();
  return /^[^\s@,;<>"]{1,64}@[^\s@,;<>"]{1,190}\.[^\s@.,;<>"]{2,}$/.test(plain) ? plain.toLowerCase() : null;
};

/** Whether money goes to a person's PayPal account, and not to a bank. */
export const isPaypal = ({ number }: Pick<BankAccount, "number">): boolean => number.includes("@");

/** Reads what was written as an account, at a bank or at PayPal; refuses `withdrawal_bank_invalid` when no number is in it. */
export const bankAccountOf = (
  input: BankInput,
  defaults: { holder: string; country: string },
): BankAccount => {
  const cannot = (message: string) =>
    refuse("withdrawal_bank_invalid", {}, { issues: [{ path: "bankAccount", message }] });
  const address = addressIn(typeof input === "string" ? input : input.number);
  if (address) {
    const holder = (typeof input === "string" ? "" : input.holder) || defaults.holder;
    return { number: address, bankName: "PayPal", bankCode: "", holder, country: defaults.country };
  }
  if (typeof input === "string") {
    const found = bankInLine(input);
    if (!found) throw cannot("Enter the account number or IBAN.");
    const country = isIban(found.number) ? found.number.slice(0, 2) : defaults.country;
    return { ...found, bankCode: "", holder: defaults.holder, country };
  }
  const number = numberIn(input.number);
  if (!number) throw cannot("Enter the account number or IBAN.");
  const country = input.country || (isIban(number) ? number.slice(0, 2) : defaults.country);
  const wrong = isIban(number) ? null : wrongWithCode(country, input.bankCode);
  if (wrong)
    throw refuse(
      "withdrawal_bank_invalid",
      {},
      { issues: [{ path: "bankAccount.bankCode", message: wrong }] },
    );
  return {
    number,
    holder: input.holder || defaults.holder,
    bankName: input.bankName,
    bankCode: input.bankCode,
    country,
  };
};

/** All that is ever shown of an account: its last four places, of a very short number fewer; of an address its first letter. */
export const maskedAccount = ({ number }: Pick<BankAccount, "number">): string =>
  isPaypal({ number })
    ? `${number.slice(0, 1)}****${number.slice(number.indexOf("@"))}`
    : `****${number.slice(-Math.min(4, number.length - 2))}`;

/** One text for one account, whatever order its parts came in. */
export const accountText = (bank: BankAccount): string =>
  JSON.stringify([bank.country, bank.bankCode, bank.number, bank.bankName, bank.holder]);

/** Reads back what `accountText` wrote. */
export const accountFromText = (text: string): BankAccount => {
  const [country, bankCode, number, bankName, holder] = JSON.parse(text) as string[];
  return {
    country: country ?? "",
    bankCode: bankCode ?? "",
    number: number ?? "",
    bankName: bankName ?? "",
    holder: holder ?? "",
  };
};
