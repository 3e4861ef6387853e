import { idOf, idOut, momentOut, moneyText, pageEntries, pageOf, textOf } from "@evx/kernel";
import * as v from "valibot";

/** For whom a form is made: which banks can be chosen by name. */
export { vietnameseBanks } from "./banks.ts";

const short = v.optional(textOf(80, 0), "");

/** How callers spell the parts of an account. A name beyond these is refused, so that no part of it is dropped unsaid. */
const spellings = {
  number: ["number", "accountNumber", "iban"],
  holder: ["holder", "accountHolder", "accountName", "holderName"],
  bankName: ["bankName", "bank"],
  bankCode: ["bankCode", "swift", "bic", "routingNumber"],
  country: ["country", "countryCode"],
} as const;

type Spelling = (typeof spellings)[keyof typeof spellings][number];
type Given = Partial<Record<Spelling, string>>;

const said = v.optional(textOf(200, 0));

/** The first of several spellings that was given. */
const textIn = (input: Given, names: readonly Spelling[]): string =>
  names
    .map((name) => input[name])
    .find((value) => value !== undefined)
    ?.trim() ?? "";

const BankParts = v.pipe(
  v.object(v.entriesFromList(Object.values(spellings).flat(), said)),
  v.transform((input) => ({
    number: textIn(input, spellings.number),
    holder: textIn(input, spellings.holder),
    bankName: textIn(input, spellings.bankName),
    bankCode: textIn(input, spellings.bankCode),
    country: textIn(input, spellings.country).toUpperCase(),
  })),
  v.object({
    number: textOf(60),
    holder: short,
    bankName: short,
    bankCode: v.pipe(
      v.string(),
      v.regex(/^[A-Za-z0-9-]{0,20}$/, "Enter the bank's code in letters and digits."),
    ),
    country: v.pipe(v.string(), v.regex(/^([A-Z]{2})?$/, "Enter the country as two letters, such as VN.")),
  }),
);

/** One line ("Vietcombank 0071001234567") or its parts. */
const bankAccount = v.union([textOf(120), BankParts], "Enter the account number or IBAN.");

/** What takes no fields, and refuses those that come. */
export const Nothing = v.optional(v.object({}));

export const Withdraw = v.object({
  amount: moneyText,
  bankAccount,
  withdrawalId: v.optional(idOf("withdrawal")),
});

/** How a balance is sent to a bank by itself. */
export const Plan = v.object({
  every: v.picklist(["week", "month"]),
  /** Less than this waits for the next time. */
  minimum: v.string(),
  currency: v.string(),
  bankAccountMasked: v.string(),
});
export const PlanAnswer = v.object({ plan: v.nullable(Plan) });
export const SetPlan = v.object({ every: v.picklist(["week", "month"]), minimum: moneyText, bankAccount });

export const withdrawalStatus = v.picklist(["requested", "approved", "sent", "completed", "failed"]);

export const Withdrawal = v.object({
  id: idOut("withdrawal"),
  amount: v.string(),
  currency: v.string(),
  status: withdrawalStatus,
  bankAccountMasked: v.string(),
  failure: v.nullable(v.string()),
  createdAt: momentOut,
  sentAt: v.nullable(momentOut),
  endedAt: v.nullable(momentOut),
});

export const WithdrawalAnswer = v.object({ withdrawal: Withdrawal });

export const OfUser = v.object({ userId: idOf("user") });

export const Balance = v.object({
  userId: idOut("user"),
  /** Can be withdrawn now. */
  available: v.string(),
  /** Earned, but still lying out its holding time. */
  pending: v.string(),
  /** On its way to the bank. */
  withdrawing: v.string(),
  /** Set aside for what may be bought: wanted orders that pay by themselves, deposits. */
  setAside: v.string(),
  /** Owed to the venue beyond the balance: set off against what is earned next. */
  owed: v.string(),
  currency: v.string(),
  minimum: v.string(),
  holdingDays: v.number(),
  /** Where it can be sent: to a bank, and where PayPal is set up to an e-mail address of an account there. */
  ways: v.array(v.picklist(["bank", "paypal"])),
});

export const MyWithdrawals = v.object(pageEntries);
export const WithdrawalPage = pageOf(Withdrawal);

export const OperatorWithdrawal = v.object({
  ...Withdrawal.entries,
  userId: idOut("user"),
  userName: v.string(),
  flag: v.nullable(v.literal("unanswered")),
});

export const AllWithdrawals = v.object({ ...pageEntries, status: v.optional(withdrawalStatus) });
export const OperatorWithdrawalPage = pageOf(OperatorWithdrawal);

export const OfWithdrawal = v.object({ withdrawalId: idOf("withdrawal") });
export const RejectWithdrawal = v.object({ withdrawalId: idOf("withdrawal"), reason: textOf(300) });
export const ResolveWithdrawal = v.object({
  withdrawalId: idOf("withdrawal"),
  /** An operator asked the gateway: it was never sent, so send it under the same id, or give the money back. */
  decision: v.picklist(["send_again", "give_back"]),
});

/** What a rotation of keys did in one call, and what it left. */
export const Rotated = v.object({ done: v.number(), left: v.number() });
