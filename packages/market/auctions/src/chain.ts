import { currencies, isCurrency, textFromMinor } from "@evx/kernel";
import { applyBid, isSold, type Standing, type AuctionTerms as Terms } from "./policy.ts";
import type { BidLogView, LoggedBidView } from "./schema.ts";

/** SHA-256 of a text, in hex. */
const sha256 = async (text: string): Promise<string> => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** Stands for a secret amount until it is revealed together with its salt. */
export const commitment = (salt: string, amount: bigint | string): Promise<string> =>
  sha256(`${salt}|${amount}`);

type PublicTerms = {
  listingId: string;
  currency: string;
  start: string;
  reserveHash: string | null;
  stepBps: number;
  stepMinor: string;
  windowSeconds: number;
  auctionEndTime: string;
};

/** The first link of an auction's log: its terms, fixed before the first bid. */
export const genesisOf = (terms: PublicTerms): Promise<string> =>
  sha256(
    [
      terms.listingId,
      terms.currency,
      terms.start,
      terms.reserveHash ?? "-",
      terms.stepBps,
      terms.stepMinor,
      terms.windowSeconds,
      terms.auctionEndTime,
    ].join("|"),
  );

/** The link that a bid adds; the same text is hashed in `marketplace.place_bid`. */
export const linkOf = (
  listingId: string,
  bid: Omit<LoggedBidView, "hash" | "price"> & { price: string },
): Promise<string> =>
  sha256(
    [
      bid.prev,
      listingId,
      bid.seq,
      bid.id,
      bid.bidder,
      bid.maxHash,
      bid.price,
      bid.leader,
      bid.at,
      bid.auctionEndTime,
    ].join("|"),
  );

export type Proof = {
  valid: boolean;
  violations: string[];
  bidCount: number;
  head: string;
  sold: boolean;
  winner: string | null;
  price: string | null;
  currency: string;
};

/**
 * Replays a closed auction from its published log alone: terms and numbering, every link of the chain, every revealed
 * maximum against its commitment, every price, leader and end against the proxy rule. Prices in the log are minor
 * units. Answers winner (as masked), price and all that does not fit; trusts nothing but the rules.
 */
export const replay = async (log: Pick<BidLogView, "terms" | "items">): Promise<Proof> => {
  const { terms, items } = log;
  const violations: string[] = [];
  const expect = (fits: boolean, what: string) => {
    if (!fits) violations.push(what);
  };

  expect((await genesisOf(terms)) === terms.genesis, "terms: the first link does not follow from the terms");
  if (terms.reserveHash !== null) {
    expect(
      terms.reserve !== null &&
        terms.reserveSalt !== null &&
        (await commitment(terms.reserveSalt, terms.reserve)) === terms.reserveHash,
      "terms: the reserve price is not the one committed to",
    );
  } else expect(terms.reserve === null, "terms: a reserve price that nobody committed to");

  const rules: Terms = {
    start: BigInt(terms.start),
    reserve: terms.reserve === null ? null : BigInt(terms.reserve),
    stepBps: terms.stepBps,
    stepMinor: BigInt(terms.stepMinor),
    window_s: terms.windowSeconds,
  };
  let standing: Standing = {
    leader: null,
    leaderMax: null,
    secondMax: null,
    price: null,
    endsAt: new Date(terms.auctionEndTime),
  };
  let head = terms.genesis;
  let before = 0;
  for (const [index, bid] of items.entries()) {
    const name = `bid ${bid.seq}`;
    const at = new Date(bid.at);
    expect(bid.seq === index + 1, `${name}: expected number ${index + 1}`);
    expect(bid.prev === head, `${name}: does not follow the link before it`);
    expect((await linkOf(terms.listingId, bid)) === bid.hash, `${name}: its hash is of something else`);
    expect(at.getTime() >= before, `${name}: earlier than the bid before it`);
    expect(at.getTime() < standing.endsAt.getTime(), `${name}: after the end`);
    head = bid.hash;
    before = at.getTime();
    if (bid.max === null || bid.salt === null) {
      violations.push(`${name}: its maximum is not revealed`);
      continue;
    }
    expect(
      (await commitment(bid.salt, bid.max)) === bid.maxHash,
      `${name}: its maximum is not the one committed to`,
    );
    const next = applyBid(rules, standing, { bidder: bid.bidder, max: BigInt(bid.max), at });
    if (!next) {
      violations.push(`${name}: below the least that was allowed`);
      continue;
    }
    standing = next;
    expect(String(standing.price) === bid.price, `${name}: the price should be ${standing.price}`);
    expect(standing.leader === bid.leader, `${name}: ${standing.leader} should lead`);
    expect(
      standing.endsAt.toISOString() === bid.auctionEndTime,
      `${name}: the end should be ${standing.endsAt.toISOString()}`,
    );
  }

  const sold = isSold(rules, standing);
  const { currency } = terms;
  const price = sold && standing.price !== null ? standing.price : null;
  return {
    valid: violations.length === 0,
    violations,
    bidCount: items.length,
    head,
    sold,
    winner: sold ? standing.leader : null,
    price: price === null || !isCurrency(currency) ? null : textFromMinor(price, currency),
    currency,
  };
};

/** How many decimals a currency's minor unit has, for readers of a log. */
export const placesOf = (currency: string): number => (isCurrency(currency) ? currencies[currency] : 0);
