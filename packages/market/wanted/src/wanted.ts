import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import {
  afterCursor,
  afterMoment,
  type Currency,
  day_ms,
  type Id,
  isId,
  type Minor,
  momentKey,
  newId,
  type Page,
  type PageInput,
  pageFrom,
  textFromMinor,
} from "@evx/kernel";
import { checkPayable, currencyOf, listingTotal, payable, priceFrom } from "@evx/listings";
import { makeQuote, mayOrderMore, placeSweep, quotableGrams } from "@evx/orders";
import type { Actor } from "@evx/rpc";
import { ruleAt } from "@evx/rules";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { wantedEnded } from "./events.ts";
import { fund, unfund } from "./funding.ts";
import { noteFill } from "./matching.ts";
import { smaller, wantedRules } from "./policy.ts";
import {
  changeWanted,
  countOpen,
  type FillRow,
  fillRow,
  fillRows,
  insertWanted,
  lockBook,
  lockWanted,
  loseFill,
  loseLine,
  openRows,
  type WantedRow,
  wantedRow,
  wantedRowsOf,
} from "./queries/wanted.ts";
import type { PlaceWanted } from "./schema.ts";

type NewWanted = Omit<v.InferOutput<typeof PlaceWanted>, "id"> & {
  id: Id<"wanted">;
  currency: Currency;
  /** The venue's holding time, unless an operator's rule says otherwise: what still lies it out funds nothing. */
  holdDays: number;
};

/**
 * Leaves a wanted order: so many credits at no more than a price. What is for sale at that price already is ordered at
 * once, in one order; the rest waits for sellers. A funded one sets its most aside on the buyer's balance, and what it
 * finds is paid and settled at once. The same id and content again is the same wanted order.
 * Refuses `wanted_not_covered`, `wanted_end_wrong`, `wanted_limit_reached`, `amount_below_minimum`, `amount_above_maximum`.
 */
export const placeWanted = async (tx: Tx, buyer: Pick<Actor, "id">, input: NewWanted): Promise<WantedRow> => {
  const { id, currency, creditsAmount } = input;
  const max_minor = priceFrom(input.maxPrice, currency, "maxPrice");
  await lockBook(tx, currency);
  const known = await wantedRow(tx, id);
  if (known) {
    if (known.buyer_id !== buyer.id) throw refuse("wanted_not_found");
    return known;
  }
  const { value: rule } = await ruleAt(tx, wantedRules, tx.at);
  const expires_at = input.expiresAt ?? new Date(tx.at.getTime() + rule.days * day_ms);
  const latest = tx.at.getTime() + rule.longestDays * day_ms;
  if (expires_at <= tx.at || expires_at.getTime() > latest)
    throw refuse("wanted_end_wrong", { days: rule.longestDays });
  // Parts are paid each, so that the whole may be more than one payment carries.
  const [total, { most }] = [listingTotal(creditsAmount, max_minor), payable[currency]];
  checkPayable(smaller(total, most), currency);
  const orders = await mayOrderMore(tx, buyer.id);
  if ((await countOpen(tx, buyer.id)) >= rule.openPerBuyer)
    throw refuse("wanted_limit_reached", { limit: rule.openPerBuyer });
  const funded = input.funded ?? false;
  const held = funded
    ? await fund(tx, {
        id,
        buyerId: buyer.id,
        amount_g: creditsAmount,
        max_minor,
        currency,
        holdDays: input.holdDays,
      })
    : null;
  await insertWanted(tx, {
    id,
    funded,
    ...held,
    buyer_id: buyer.id,
    status: "open",
    amount_g: creditsAmount,
    remaining_g: creditsAmount,
    max_minor,
    currency,
    vintage_from: input.vintageFrom ?? null,
    country_code: input.country ?? null,
    method_code: input.method ?? null,
    quality_tier: input.quality ?? null,
    created_at: tx.at,
    expires_at,
    ended_at: null,
  });
  await audit(tx, buyer, "wanted.place", id, {
    after: { grams: String(creditsAmount), maxMinor: String(max_minor), currency, funded },
  });
  if (orders || funded) await buyAtOnce(tx, buyer, input, held?.held_minor);
  return existing(tx, id);
};

/** Orders what is for sale within the limit already: one order over as many listings as it takes. */
const buyAtOnce = async (
  tx: Tx,
  buyer: Pick<Actor, "id">,
  input: NewWanted,
  held: Minor | undefined,
): Promise<void> => {
  const { id, creditsAmount, maxPrice, vintageFrom, country, method, quality, currency } = input;
  const ask = { maxPrice, vintageFrom, country, method, quality, currency };
  const grams = await quotableGrams(tx, buyer, { ...ask, creditsAmount }, held);
  if (grams === 0n) return;
  const quote = await makeQuote(tx, buyer, { ...ask, creditsAmount: grams });
  const sweep = await placeSweep(tx, buyer, {
    id: newId("order"),
    quoteId: quote.id,
    funded: held !== undefined,
  });
  await noteFill(tx, await existing(tx, id), { ...sweep, seller_id: null });
};

const existing = async (db: Db, id: Id<"wanted">): Promise<WantedRow> => {
  const row = await wantedRow(db, id);
  if (!row) throw refuse("wanted_not_found");
  return row;
};

/**
 * A buyer takes back what was not found; orders that wait for payment stand. Cancelling twice answers the same.
 * Refuses `wanted_not_found` (also another's) and `wanted_ended`.
 */
export const cancelWanted = async (
  tx: Tx,
  buyer: Pick<Actor, "id">,
  id: Id<"wanted">,
): Promise<WantedRow> => {
  const wanted = await lockWanted(tx, id);
  if (!wanted || wanted.buyer_id !== buyer.id) throw refuse("wanted_not_found");
  if (wanted.status === "cancelled") return wanted;
  if (wanted.status !== "open") throw refuse("wanted_ended");
  await changeWanted(tx, id, { status: "cancelled" });
  await unfund(tx, wanted);
  await audit(tx, buyer, "wanted.cancel", id, { after: { grams: String(wanted.remaining_g) } });
  return existing(tx, id);
};

/** Ends a wanted order by itself and tells its buyer. Does nothing to one that is not open. */
const end = async (tx: Tx, wanted: WantedRow, outcome: "expired" | "unpaid"): Promise<void> => {
  if (wanted.status !== "open") return;
  await changeWanted(tx, wanted.id, { status: outcome === "expired" ? "expired" : "cancelled" });
  await unfund(tx, wanted);
  await emit(tx, wantedEnded, {
    wantedId: wanted.id,
    buyerId: wanted.buyer_id,
    grams: String(wanted.remaining_g),
    currency: wanted.currency,
    outcome,
    at: tx.at.toISOString(),
  });
};

/** Ends a wanted order whose time is over. Any number of times. */
export const expireWanted = async (tx: Tx, id: Id<"wanted">): Promise<void> => {
  const wanted = await lockWanted(tx, id);
  if (wanted && wanted.expires_at <= tx.at) await end(tx, wanted, "expired");
};

/**
 * An order that a wanted order led to has ended. Its buyer did not pay: the wanted order ends too, so that nobody keeps
 * sellers waiting twice. Its credits were not to be had: it wants them again. Any number of times.
 */
export const followOrder = async (
  tx: Tx,
  { orderId, why }: { orderId: Id<"order">; why: "unpaid" | "withdrawn" },
): Promise<void> => {
  const fill: FillRow | undefined = await fillRow(tx, orderId);
  if (!fill) return;
  const wanted = await lockWanted(tx, fill.wanted_id);
  if (!wanted) return;
  if (why === "unpaid") return end(tx, wanted, "unpaid");
  if (!(await loseFill(tx, orderId)) || !stillWaits(wanted, tx.at)) return;
  await changeWanted(tx, wanted.id, { remaining: wanted.remaining_g + fill.amount_g, status: "open" });
};

/**
 * An order over many listings goes on without a line whose credits were revoked: those are wanted again, while the wanted
 * order may still wait. Any number of times.
 */
export const followLostLine = async (
  tx: Tx,
  line: { orderId: Id<"order">; lineId: Id<"order">; grams: bigint },
): Promise<void> => {
  const known: FillRow | undefined = await fillRow(tx, line.orderId);
  const wanted = known && (await lockWanted(tx, known.wanted_id));
  const fill = await fillRow(tx, line.orderId);
  if (!wanted || !fill || fill.lost_at) return;
  if (!(await loseLine(tx, fill, { id: line.lineId, amount_g: line.grams })) || !stillWaits(wanted, tx.at))
    return;
  await changeWanted(tx, wanted.id, { remaining: wanted.remaining_g + line.grams, status: "open" });
};

/** Whether a wanted order, filled or not, would still take credits. */
const stillWaits = ({ status, expires_at }: WantedRow, at: Date): boolean =>
  status !== "cancelled" && status !== "expired" && expires_at > at;

/** A wanted order as its buyer sees it with its fills, and without them as everybody does. */
export const wantedView = (row: WantedRow, fills: readonly FillRow[] | null) => ({
  id: row.id,
  creditsAmount: row.amount_g,
  creditsRemaining: row.remaining_g,
  maxPrice: textFromMinor(row.max_minor, currencyOf(row)),
  currency: row.currency,
  status: row.status,
  funded: row.funded,
  setAside: fills && row.funded ? textFromMinor(row.held_minor, currencyOf(row)) : null,
  vintageFrom: row.vintage_from,
  country: row.country_code,
  method: row.method_code,
  quality: row.quality_tier,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  // What was lost to a revocation is no order of anybody's any more, and a line never was one.
  orders: (fills ?? [])
    .filter(({ lost_at }) => lost_at === null)
    .map((fill) => ({ id: fill.order_id, creditsAmount: fill.amount_g })),
});

/** A wanted order as its buyer sees it. */
export const wantedDetail = async (db: Db, id: Id<"wanted">) =>
  wantedView(await existing(db, id), await fillRows(db, [id]));

/** A buyer's wanted orders, newest first. */
export const wantedOf = async (
  db: Db,
  buyer: Pick<Actor, "id">,
  { limit, cursor }: PageInput,
): Promise<Page<ReturnType<typeof wantedView>>> => {
  const rows = await wantedRowsOf(db, {
    buyerId: buyer.id,
    after: afterMoment("wanted", cursor),
    limit: limit + 1,
  });
  const fills = Map.groupBy(
    await fillRows(
      db,
      rows.map(({ id }) => id),
    ),
    (fill) => fill.wanted_id,
  );
  return pageFrom(
    rows,
    limit,
    (row) => wantedView(row, fills.get(row.id) ?? []),
    (row) => momentKey(row.created_at, row.id),
  );
};

/** Everybody's open wanted orders, the highest price first; nobody is named. */
export const openWanted = async (
  db: Db,
  { limit, cursor, currency, now }: PageInput & { currency: Currency; now: Date },
): Promise<Page<ReturnType<typeof wantedView>>> => {
  const after = afterCursor(cursor, ([price, at, id, ...rest]) =>
    rest.length === 0 &&
    typeof price === "string" &&
    /^\d{1,18}$/.test(price) &&
    typeof at === "string" &&
    !Number.isNaN(Date.parse(at)) &&
    typeof id === "string" &&
    isId("wanted", id)
      ? ([BigInt(price), new Date(at), id] as const)
      : null,
  );
  const rows = await openRows(db, { currency, at: now, after, limit: limit + 1 });
  return pageFrom(
    rows,
    limit,
    (row) => wantedView(row, null),
    (row) => [String(row.max_minor), row.created_at.toISOString(), row.id],
  );
};
