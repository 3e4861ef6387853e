import { provenance, walletOf } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import {
  type Currency,
  creditsFromGrams,
  type Grams,
  type Id,
  minute_ms,
  namedId,
  priceOf,
  textFromMinor,
} from "@evx/kernel";
import {
  type AuctionPorts,
  checkPayable,
  createListing,
  currencyOf,
  listingRow,
  payable,
  tiersOf,
} from "@evx/listings";
import { feesOf, saleFees } from "@evx/orders";
import type { Actor } from "@evx/rpc";
import { ruleAt } from "@evx/rules";
import { refuse } from "./errors.ts";
import { sellTo } from "./matching.ts";
import { isDust, type Kind, smaller, suits, wantedRules } from "./policy.ts";
import { bestRows, fillRow, lockBook, lockWanted, wantedRow } from "./queries/wanted.ts";

type Ports = Pick<AuctionPorts, "planAuction" | "openAuction">;

/**
 * An owner sells to a wanted order at its price, in one step: a listing is made for it and ordered at once. What its buyer
 * does not pay for goes back to the owner when the time to pay is over. The same listing id again is the same sale.
 * Refuses `wanted_not_found`, `wanted_ended`, `wanted_is_own`, `wanted_exceeded`, `wanted_other_credits`,
 * `amount_below_minimum`, `amount_above_maximum`, `balance_insufficient`.
 */
export const fillWanted = async (
  tx: Tx,
  ports: Ports,
  seller: Pick<Actor, "id">,
  input: { wantedId: Id<"wanted">; creditsAmount: Grams; listingId: Id<"listing"> },
): Promise<Id<"order">> => {
  const { wantedId, creditsAmount, listingId } = input;
  const known = await wantedRow(tx, wantedId);
  if (!known) throw refuse("wanted_not_found");
  await lockBook(tx, known.currency);
  const orderId = await namedId("order", `wanted:${listingId}`);
  const made = await listingRow(tx, listingId);
  if (made?.seller_id === seller.id && (await fillRow(tx, orderId))) return orderId;
  const wanted = await lockWanted(tx, wantedId);
  if (wanted?.status !== "open" || wanted.expires_at <= tx.at) throw refuse("wanted_ended");
  if (wanted.buyer_id === seller.id) throw refuse("wanted_is_own");
  if (creditsAmount > wanted.remaining_g)
    throw refuse("wanted_exceeded", { remaining: creditsFromGrams(wanted.remaining_g) });
  const currency = currencyOf(wanted);
  checkPayable(priceOf(creditsAmount, wanted.max_minor), currency);
  const { value: rule } = await ruleAt(tx, wantedRules, tx.at);
  const listing = await createListing(tx, ports, seller, {
    id: listingId,
    currency,
    creditsAmount,
    pricePerCredit: textFromMinor(wanted.max_minor, currency),
    listingType: "fixed",
    expiresAt: new Date(tx.at.getTime() + rule.paymentWindow_min * minute_ms),
  });
  if (!suits(wanted, { ...listing, tiers: await tiersOf(tx, listingId) }))
    throw refuse("wanted_other_credits");
  if (!(await sellTo(tx, { wantedId, listingId, orderId }))) throw refuse("wanted_ended");
  return orderId;
};

/**
 * The best wanted order that an owner's free credits suit: how many it would take, what the buyer pays and what is left
 * after fees. Null when there is none.
 */
export const bestForOwner = async (
  db: Db,
  owner: Pick<Actor, "id">,
  { currency, now }: { currency: Currency; now: Date },
) => {
  const [{ balance }, parts] = [await walletOf(db, owner.id), await provenance(db, owner.id)];
  const [first] = parts;
  if (!first || balance === 0n) return null;
  const { vintage, country, method } = first.batch;
  const kind: Kind = {
    vintage_year: vintage,
    country_code: country,
    method_code: method,
    mixed: parts.some(
      ({ batch }) => batch.vintage !== vintage || batch.country !== country || batch.method !== method,
    ),
    tiers: [...new Set(parts.map(({ batch }) => batch.quality))],
  };
  const { least } = payable[currency];
  const rows = await bestRows(db, {
    currency,
    price_minor: 0n,
    buyerNot: owner.id,
    kind,
    at: now,
    limit: 50,
  });
  const wanted = rows.find((row) => !isDust(smaller(balance, row.remaining_g), row.max_minor, least));
  if (!wanted) return null;
  const grams = smaller(balance, wanted.remaining_g);
  const total = priceOf(grams, wanted.max_minor);
  const { value: fees } = await ruleAt(db, saleFees, now);
  return {
    wantedId: wanted.id,
    price: textFromMinor(wanted.max_minor, currency),
    currency,
    creditsAmount: grams,
    total: textFromMinor(total, currency),
    net: textFromMinor(feesOf(total, fees).net, currency),
    funded: wanted.funded,
  };
};
