import { displayNames, initialsOf } from "@evx/accounts";
import type { Db } from "@evx/db";
import { csvPages } from "@evx/files";
import { creditsFromGrams, type Id, type Page, type PageInput } from "@evx/kernel";
import {
  type AccountKind,
  type Entry,
  type EntryFilter,
  entriesOf,
  holdersOf,
  kindOf,
  movesOfAll,
  type TransferKind,
} from "@evx/ledger";
import { serialsOfTransfers } from "./batches.ts";
import type { HistoryItemView, historyTypes } from "./schema.ts";
import { memoText, memoUser, serialTexts } from "./wallets.ts";

type HistoryType = (typeof historyTypes)[number];

/** Where in the book each type of movement is found. */
const found: Record<
  HistoryType,
  { accountKinds: AccountKind[]; kinds: TransferKind[]; sign?: "in" | "out" }
> = {
  issue: { accountKinds: ["wallet"], kinds: ["issue"] },
  transfer_in: {
    accountKinds: ["wallet"],
    kinds: ["transfer", "refund", "buffer", "correction"],
    sign: "in",
  },
  transfer_out: {
    accountKinds: ["wallet"],
    kinds: ["transfer", "refund", "buffer", "correction"],
    sign: "out",
  },
  sale: { accountKinds: ["listing"], kinds: ["sale"] },
  // Bought and retired in one order, credits go straight to the retired account.
  purchase: { accountKinds: ["wallet", "retired"], kinds: ["sale"] },
  retire: { accountKinds: ["wallet"], kinds: ["retire"] },
  cancel: { accountKinds: ["wallet"], kinds: ["cancel"] },
};

const typeOf = (entry: Entry): HistoryType => {
  switch (entry.kind) {
    case "issue":
    case "retire":
    case "cancel":
      return entry.kind;
    case "sale":
      return kindOf(entry.account) === "listing" ? "sale" : "purchase";
    default:
      return entry.amount > 0n ? "transfer_in" : "transfer_out";
  }
};

export type HistoryFilter = {
  readonly userId: Id<"user">;
  readonly type?: HistoryType | undefined;
  /** From this moment, up to but without that one. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
};

/** Credits that only changed places within a person's own accounts are no movement: listed, taken back. */
const within: TransferKind[] = ["list", "unlist"];

const entryFilter = ({ userId, type, from, to }: HistoryFilter): EntryFilter => ({
  holder: userId,
  asset: "gCO2e",
  ...(type ? found[type] : { accountKinds: ["wallet", "listing"], notKinds: within }),
  ...(from ? { from } : {}),
  ...(to ? { to } : {}),
});

/** Whose accounts the grams of sales went between: a sale's memo names its order alone. */
const partiesOf = async (
  db: Db,
  entries: readonly Entry[],
): Promise<Map<Id<"transfer">, readonly Id<"user">[]>> => {
  const sales = entries.filter(({ kind }) => kind === "sale").map(({ transferId }) => transferId);
  const moves = await movesOfAll(db, sales);
  const holders = await holdersOf(
    db,
    [...moves.values()].flat().flatMap(({ from, to }) => [from, to]),
  );
  return new Map(
    [...moves].map(([id, all]) => [
      id,
      all.flatMap(({ from, to }) => [holders.get(from) ?? [], holders.get(to) ?? []].flat()),
    ]),
  );
};

/** The other person of a movement: a transfer's other end, a sale's buyer or seller. */
const otherOf = (
  entry: Entry,
  userId: Id<"user">,
  parties: ReadonlyMap<Id<"transfer">, readonly Id<"user">[]>,
): Id<"user"> | null =>
  [
    memoUser(entry.memo, "fromId"),
    memoUser(entry.memo, "toId"),
    ...(parties.get(entry.transferId) ?? []),
  ].find((id) => id !== null && id !== userId) ?? null;

const references = ["orderId", "requestId", "retirementId", "certificateId", "listingId"];

const referenceOf = (entry: Entry): string =>
  references.map((name) => memoText(entry.memo, name)).find((text) => text !== null) ?? entry.transferId;

/**
 * The other's name as it is shown: whoever gives credits, sells or buys has shown their own; whoever only received, has
 * not, or a gram sent to a wallet number would buy its owner's name.
 */
const nameOf = (entry: Entry, fullName: string): string =>
  entry.kind === "transfer" && entry.amount < 0n ? initialsOf(fullName) : fullName;

/**
 * The movements of a person's credits, newest first, with their serial numbers.
 * A page costs the same however many transfers there were.
 */
export const moveHistory = async (
  db: Db,
  input: HistoryFilter & PageInput,
): Promise<Page<HistoryItemView>> => {
  const { items, nextCursor } = await entriesOf(db, entryFilter(input), input);
  const accounts = new Map(items.map((entry) => [entry.transferId, entry.account]));
  const serials = await serialsOfTransfers(db, [...accounts.keys()], (id) => accounts.get(id));
  const parties = await partiesOf(db, items);
  const others = new Map(items.map((entry) => [entry.transferId, otherOf(entry, input.userId, parties)]));
  const names = await displayNames(
    db,
    [...others.values()].filter((id) => id !== null),
  );
  return {
    items: items.map((entry) => {
      const other = others.get(entry.transferId) ?? null;
      return {
        id: entry.transferId,
        type: typeOf(entry),
        amount: entry.amount < 0n ? -entry.amount : entry.amount,
        serials: serialTexts(serials.get(entry.transferId) ?? []),
        referenceId: referenceOf(entry),
        counterparty: other ? { id: other, name: nameOf(entry, names.get(other) ?? "") } : null,
        note: memoText(entry.memo, "note"),
        createdAt: entry.at,
      };
    }),
    nextCursor,
  };
};

const outward = new Set<HistoryType>(["transfer_out", "sale", "retire", "cancel"]);

/** The whole history as a CSV file, newest first: amounts signed as a bank statement's. */
export const historyFile = (db: Db, filter: HistoryFilter) =>
  csvPages(
    "credits-history.csv",
    ["time", "type", "credits", "counterparty", "reference", "serials", "note"],
    (cursor) => moveHistory(db, { ...filter, limit: 200, cursor }),
    (rows) =>
      rows.map((row) => [
        row.createdAt.toISOString(),
        row.type,
        creditsFromGrams(outward.has(row.type) ? -row.amount : row.amount),
        row.counterparty?.name ?? "",
        row.referenceId,
        row.serials.join(" "),
        row.note ?? "",
      ]),
  );
