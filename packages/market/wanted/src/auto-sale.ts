import { inPersonLately } from "@evx/accounts";
import { audit } from "@evx/audit";
import { walletOf } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { type Currency, type Id, namedId, textFromMinor } from "@evx/kernel";
import {
  type AuctionPorts,
  cheapestRows,
  createListing,
  currencyOf,
  payable,
  priceFrom,
} from "@evx/listings";
import { latestTrades } from "@evx/pricing";
import type { Actor } from "@evx/rpc";
import { refuse as refuseWanted } from "./errors.ts";
import { autoSaleSet } from "./events.ts";
import { isDust, smaller } from "./policy.ts";
import { autoSaleRow, dropAutoSale, putAutoSale } from "./queries/wanted.ts";
import { bestForOwner, fillWanted } from "./selling.ts";

type Ports = Pick<AuctionPorts, "planAuction" | "openAuction">;

/** At most so many buyers take of one batch; what is left is listed. */
const MOST_BUYERS = 20;

/**
 * Sets whether an owner's new credits are sold by themselves, and for how much at least. Refuses a wrong price. It goes on when
 * the session has ended that set it: keys set none (`session_required`), it takes a fresh proof (`proof_required`), and a
 * letter tells of it.
 */
export const setAutoSale = async (
  tx: Tx,
  owner: Pick<Actor, "id" | "scopes" | "sessionId">,
  input: { on: boolean; floor?: string | null | undefined; currency: Currency },
): Promise<void> => {
  const { on, floor, currency } = input;
  if (on) {
    await inPersonLately(tx, owner);
    const floor_minor = floor ? priceFrom(floor, currency, "floor") : null;
    await putAutoSale(tx, { owner_id: owner.id, currency, floor_minor, set_at: tx.at });
    await emit(tx, autoSaleSet, { ownerId: owner.id, setAt: tx.at.toISOString() });
  } else await dropAutoSale(tx, owner.id);
  await audit(tx, owner, "auto_sale.set", owner.id, { after: { on, floor: floor ?? null, currency } });
};

export const autoSaleOf = async (db: Db, owner: Pick<Actor, "id">, currency: Currency) => {
  const row = await autoSaleRow(db, owner.id);
  if (!row) return { on: false, floor: null, currency };
  const floor = row.floor_minor === null ? null : textFromMinor(row.floor_minor, currencyOf(row));
  return { on: true, floor, currency: row.currency };
};

/** What the market pays: the lowest ask, or else the last sale; null where there is neither. */
const marketPrice = async (db: Db, currency: Currency): Promise<bigint | null> => {
  const [ask] = await cheapestRows(db, { currency }, { limit: 1 });
  if (ask) return ask.price_minor;
  return (await latestTrades(db, { currency, limit: 1 }))[0]?.price_minor ?? null;
};

/**
 * Sells an owner's new credits: to buyers who would pay the floor or more, the best first; what is left is listed at the
 * market's price, never below the floor. Where nothing says what credits are worth, nothing is listed. Runs once for
 * each batch, any number of times.
 */
export const sellNew = async (
  tx: Tx,
  ports: Ports,
  batch: { batchId: Id<"batch">; ownerId: Id<"user">; grams: bigint },
): Promise<void> => {
  const owner = { id: batch.ownerId };
  const setting = await autoSaleRow(tx, owner.id);
  if (!setting) return;
  const currency = currencyOf(setting);
  const floor = setting.floor_minor ?? 0n;
  let left = batch.grams;
  for (let buyer = 0; buyer < MOST_BUYERS && left > 0n; buyer++) {
    const best = await bestForOwner(tx, owner, { currency, now: tx.at });
    if (!best || priceFrom(best.price, currency, "price") < floor) break;
    const creditsAmount = smaller(best.creditsAmount, left);
    if (isDust(creditsAmount, priceFrom(best.price, currency, "price"), payable[currency].least)) break;
    const listingId = await namedId("listing", `auto:${batch.batchId}:${buyer}`);
    await fillWanted(tx, ports, owner, { wantedId: best.wantedId, creditsAmount, listingId });
    left -= creditsAmount;
  }
  await listRest(tx, ports, owner, { ...batch, grams: left, currency, floor });
};

const listRest = async (
  tx: Tx,
  ports: Ports,
  owner: Pick<Actor, "id">,
  rest: { batchId: Id<"batch">; grams: bigint; currency: Currency; floor: bigint },
): Promise<void> => {
  const { currency, floor } = rest;
  const { balance } = await walletOf(tx, owner.id);
  const grams = smaller(rest.grams, balance);
  const market = await marketPrice(tx, currency);
  const price = market === null || market < floor ? floor : market;
  if (price === 0n || grams === 0n || isDust(grams, price, payable[currency].least)) return;
  await createListing(tx, ports, owner, {
    id: await namedId("listing", `auto:${rest.batchId}`),
    currency,
    creditsAmount: grams,
    pricePerCredit: textFromMinor(price, currency),
    listingType: "fixed",
  });
};

/** Goes on when an owner may sell without being asked again. Refuses `auto_sale_needs_identity`. */
export const mayAutoSell = (
  actor: Pick<Actor, "kycStatus">,
  { requireKyc }: { requireKyc: boolean },
): void => {
  if (requireKyc && actor.kycStatus !== "verified") throw refuseWanted("auto_sale_needs_identity");
};
