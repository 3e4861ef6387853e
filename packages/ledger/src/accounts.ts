import { type Currency, currencies, type Id } from "@evx/kernel";

/** What an account holds: grams of CO2e, or a currency's minor units. */
export type Asset = "gCO2e" | Currency;

declare const brand: unique symbol;

/** "{asset}/{kind}" or "{asset}/{kind}/{owner or shard}": the account's name is its key. */
export type AccountId = string & { readonly [brand]: "account" };

export type AccountKind =
  | "wallet"
  | "listing"
  | "retired"
  | "cancelled"
  | "buffer"
  | "issued"
  | "cash"
  | "debt"
  | "escrow"
  | "platform_fee"
  | "cva_pool"
  | "loss"
  | "clearing"
  | "payout_clearing";

export type Gateway = "stripe" | "paypal" | "vnpay" | (string & {});

/**
 * How many rows share the postings of an account that every sale touches; one row would let one sale through at a
 * time. The number is part of every such account's name, so it can only ever be changed by moving their balances.
 */
export const SHARDS = 16;

/** Which of the shards an id belongs to: FNV-1a over its text, the same for ever. */
export const shardOf = (id: string): number => {
  let hash = 0x811c9dc5;
  for (let place = 0; place < id.length; place++) {
    hash = Math.imul(hash ^ id.charCodeAt(place), 0x01000193) >>> 0;
  }
  // `^` answers a signed number, and a negative one would name a shard beyond the sixteen.
  return ((hash ^ (hash >>> 16)) >>> 0) % SHARDS;
};

const named = (asset: Asset, kind: AccountKind, owner?: string | number): AccountId =>
  (owner === undefined ? `${asset}/${kind}` : `${asset}/${kind}/${owner}`) as AccountId;

/** Credits that a person can use. */
export const wallet = (userId: Id<"user">): AccountId => named("gCO2e", "wallet", userId);

/** Credits set aside for one listing. Its first leg must name the `holder`: the seller. */
export const listingAccount = (listingId: Id<"listing">): AccountId => named("gCO2e", "listing", listingId);

/** Credits that a person has taken out of circulation for good. */
export const retiredAccount = (userId: Id<"user">): AccountId => named("gCO2e", "retired", userId);

/** Credits that were issued wrongly and taken back. */
export const cancelledAccount = (): AccountId => named("gCO2e", "cancelled");

/** Credits kept back at issuance against errors found later. */
export const bufferAccount = (): AccountId => named("gCO2e", "buffer");

/** The mirror of all credits: minus everything that was ever issued. */
export const issuedAccount = (): AccountId => named("gCO2e", "issued");

/** Money that the venue owes a person. */
export const cash = (currency: Currency, userId: Id<"user">): AccountId => named(currency, "cash", userId);

/** What a person owes the venue: never above zero. Later earnings are set off against it. */
export const debt = (currency: Currency, userId: Id<"user">): AccountId => named(currency, "debt", userId);

/** Buyers' money between payment and settlement; the shard follows the order. */
export const escrow = (currency: Currency, orderId: Id<"order">): AccountId =>
  named(currency, "escrow", shardOf(orderId));

/** The venue's fees. The shard follows the transfer, so a refund names the sale's transfer to find the same one. */
export const platformFee = (currency: Currency, transferId: Id<"transfer">): AccountId =>
  named(currency, "platform_fee", shardOf(transferId));

/** Fees that wait to be paid to auditors; sharded as `platformFee`. */
export const cvaPool = (currency: Currency, transferId: Id<"transfer">): AccountId =>
  named(currency, "cva_pool", shardOf(transferId));

/** What the venue lost to disputes and gateways' costs; goes negative. */
export const lossAccount = (currency: Currency): AccountId => named(currency, "loss");

/** The mirror of what a gateway has collected for the venue; goes negative. */
export const clearing = (currency: Currency, gateway: Gateway): AccountId =>
  named(currency, "clearing", gateway);

/** The mirror of what was sent out through a payout gateway. */
export const payoutClearing = (currency: Currency, gateway: Gateway): AccountId =>
  named(currency, "payout_clearing", gateway);

/** The asset that an account's name starts with. */
export const assetOf = (account: AccountId): Asset => {
  const asset = account.slice(0, account.indexOf("/"));
  if (asset !== "gCO2e" && !Object.hasOwn(currencies, asset)) throw new Error(`${account} names no asset`);
  return asset as Asset;
};

/** The kind within an account's name. */
export const kindOf = (account: AccountId): AccountKind => account.split("/")[1] as AccountKind;

/** The third part of an account's name: its owner, listing, gateway or shard. Empty for the venue's own. */
export const ownerOf = (account: AccountId): string => account.split("/")[2] ?? "";
