import type { Db } from "@evx/db";
import { csvFile } from "@evx/files";
import { type Currency, type Id, type Locale, textFromMinor, type Zone, zoneOf } from "@evx/kernel";
import { cash, type Entry, entriesOf, type TransferKind } from "@evx/ledger";
import { refuse } from "./errors.ts";

const movements: Partial<Record<TransferKind, { en: string; vi: string }>> = {
  sale: { en: "Sale", vi: "Bán tín chỉ" },
  payout: { en: "Withdrawal", vi: "Rút tiền" },
  payout_failed: { en: "Withdrawal returned", vi: "Khoản rút bị trả lại" },
  cva_fee: { en: "Fee for verification", vi: "Phí thẩm định" },
  set_off: { en: "Set off against what is owed", vi: "Trừ vào khoản nợ" },
  correction: { en: "Correction", vi: "Điều chỉnh" },
};

/** What a movement of a balance is called. */
export const movementText = (kind: string, locale: Locale): string =>
  movements[kind as TransferKind]?.[locale] ?? kind;

/** When a month begins where a zone is; `month` counts on past December. */
const monthBegins = (year: number, month: number, zone: Zone): Date => {
  const local = Date.UTC(year, month - 1, 1);
  return new Date(local - zone.offsetAtLocal(local));
};

/** The first moment of a month, and of the next, by a zone. */
const span = (month: string, zoneName: string): { from: Date; to: Date } => {
  const zone = zoneOf(zoneName);
  const [year, of] = [Number(month.slice(0, 4)), Number(month.slice(5, 7))];
  return { from: monthBegins(year, of, zone), to: monthBegins(year, of + 1, zone) };
};

const referenceOf = (entry: Entry): string => {
  const memo = entry.memo;
  if (memo === null || typeof memo !== "object" || Array.isArray(memo)) return entry.transferId;
  const named = Object.values(memo).find((value) => typeof value === "string");
  return typeof named === "string" ? named : entry.transferId;
};

/**
 * A month, by the reader's zone, of what a person's balance gained and gave, the earliest first, with the balance after each. Refuses
 * `statement_month_ahead`: a paper that closes a month to come would look like a bank's word.
 */
export const statementOf = async (
  db: Db,
  now: Date,
  input: { userId: Id<"user">; month: string; currency: Currency; zone: string },
) => {
  const { userId, month, currency, zone } = input;
  const { from, to } = span(month, zone);
  if (from > now) throw refuse("statement_month_ahead", { month });
  const found: Entry[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof entriesOf>> = await entriesOf(
      db,
      { holder: userId, asset: currency, accountKinds: ["cash"], from, to },
      { limit: 100, ...(cursor ? { cursor } : {}) },
    );
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  found.reverse();
  const [first, last] = [found[0], found.at(-1)];
  const text = (amount: bigint) => textFromMinor(amount, currency);
  const before = first ? first.after - first.amount : await balanceBefore(db, input, from);
  return {
    userId,
    month,
    zone,
    currency,
    opening: text(before),
    closing: text(last?.after ?? before),
    lines: found.map((entry) => ({
      at: entry.at,
      kind: entry.kind,
      amount: text(entry.amount),
      balance: text(entry.after),
      reference: referenceOf(entry),
    })),
  };
};

/** The balance at the beginning of a month in which nothing moved. */
const balanceBefore = async (
  db: Db,
  { userId, currency }: { userId: Id<"user">; currency: Currency },
  to: Date,
): Promise<bigint> => {
  const filter = { holder: userId, asset: currency, accountKinds: ["cash" as const], to };
  const { items } = await entriesOf(db, filter, { limit: 1 });
  return items.find(({ account }) => account === cash(currency, userId))?.after ?? 0n;
};

type Statement = Awaited<ReturnType<typeof statementOf>>;

export const statementCsv = (statement: Statement, locale: Locale) =>
  csvFile(
    `statement-${statement.month}.csv`,
    ["at", "movement", "amount", "balance", "currency", "reference", "zone"],
    statement.lines.map((line) => [
      line.at.toISOString(),
      movementText(line.kind, locale),
      line.amount,
      line.balance,
      statement.currency,
      line.reference,
      statement.zone,
    ]),
  );
