import { currencies, isCurrency, sha256Hex, textFromMinor } from "@evx/kernel";
import { applyBid, isSold, type Standing, type AuctionTerms as Terms } from "./policy.ts";
import type { BidLogView, LoggedBidView } from "./schema.ts";

/** Stands for a secret amount until it is revealed together with its salt. */
export const commitment = (salt: string, amount: bigint | string): Promise<string> =>
  sha256Hex(`${salt}|${amount}`);

type PublicTerms = {
  listingId: string;
  currency: string;
  start: string;
  reserveHash: string | null;
  stepBps: number;
  stepMinor: string;
  windowSeconds: number;
  auctionEndTime: string;
  /** Null, or left out of logs of before, when it began at once and could not be bought at once. */
  startsAt?: string | null | undefined;
  buyNow?: string | null | undefined;
  /** Null, or left out of logs of before, where one step holds for every price, and where no deposit is asked. */
  bands?: readonly { from: string; step: string }[] | null | undefined;
  deposit?: string | null | undefined;
};

/** The first link of an auction's log: its terms, fixed before the first bid. */
export const genesisOf = (terms: PublicTerms): Promise<string> =>
  sha256Hex(
    [
      terms.listingId,
      terms.currency,
      terms.start,
      terms.reserveHash ?? "-",
      terms.stepBps,
      terms.stepMinor,
      terms.windowSeconds,
      terms.auctionEndTime,
      ...(terms.startsAt ? [`starts ${terms.startsAt}`] : []),
      ...(terms.buyNow ? [`buy now ${terms.buyNow}`] : []),
      ...(terms.bands ? [`bands ${terms.bands.map(({ from, step }) => `${from}:${step}`).join(",")}`] : []),
      ...(terms.deposit ? [`deposit ${terms.deposit}`] : []),
    ].join("|"),
  );

/** The link that a bid adds; the same text is hashed in `marketplace.place_bid`. */
export const linkOf = (
  listingId: string,
  bid: Omit<LoggedBidView, "hash" | "price"> & { price: string },
): Promise<string> =>
  sha256Hex(
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

type Log = Pick<BidLogView, "items"> & {
  terms: Omit<BidLogView["terms"], "extensions"> & Partial<Pick<BidLogView["terms"], "extensions">>;
};

/** Notes what does not fit. */
type Expect = (fits: boolean, what: string) => void;

/** Whether the terms are those that the first link and the reserve price's commitment stand for. */
const checkTerms = async ({ terms }: Pick<Log, "terms">, expect: Expect): Promise<void> => {
  expect((await genesisOf(terms)) === terms.genesis, "terms: the first link does not follow from the terms");
  if (terms.reserveHash === null) {
    expect(terms.reserve === null, "terms: a reserve price that nobody committed to");
    return;
  }
  const { reserve, reserveSalt } = terms;
  const revealed = reserve !== null && reserveSalt !== null;
  expect(
    revealed && (await commitment(reserveSalt, reserve)) === terms.reserveHash,
    "terms: the reserve price is not the one committed to",
  );
};

/**
 * Whether the bids are one chain: numbered from one without a gap, each following the link before it and hashing to its
 * own, in the order of their moments. Answers the last link. What it needs is public also while the auction runs.
 */
export const checkChain = async ({ terms, items }: Log, expect: Expect): Promise<string> => {
  let head = terms.genesis;
  let before = 0;
  for (const [index, bid] of items.entries()) {
    const name = `bid ${bid.seq}`;
    const at = new Date(bid.at).getTime();
    expect(bid.seq === index + 1, `${name}: expected number ${index + 1}`);
    expect(bid.prev === head, `${name}: does not follow the link before it`);
    expect((await linkOf(terms.listingId, bid)) === bid.hash, `${name}: its hash is of something else`);
    expect(at >= before, `${name}: earlier than the bid before it`);
    head = bid.hash;
    before = at;
  }
  return head;
};

const rulesOf = ({ terms }: Pick<Log, "terms">): Terms => ({
  start: BigInt(terms.start),
  reserve: terms.reserve === null ? null : BigInt(terms.reserve),
  stepBps: terms.stepBps,
  stepMinor: BigInt(terms.stepMinor),
  bands: (terms.bands ?? []).map(({ from, step }) => ({ from: BigInt(from), step: BigInt(step) })),
  window_s: terms.windowSeconds,
});

/** The end as the venue had moved it after so many bids; a moved end is never earlier. Logs of before have no such list. */
const extended = (terms: Log["terms"], afterSeq: number, standing: Standing, expect: Expect): Standing => {
  let { endsAt } = standing;
  for (const one of terms.extensions ?? []) {
    if (one.afterSeq !== afterSeq) continue;
    const end = new Date(one.auctionEndTime);
    expect(end > endsAt, `after bid ${afterSeq}: the venue made the end earlier`);
    endsAt = end;
  }
  return { ...standing, endsAt };
};

/** Plays the revealed maxima by the proxy rule: every price, leader and end must be what the log says. */
const checkBids = async ({ terms, items }: Log, expect: Expect): Promise<Standing> => {
  const rules = rulesOf({ terms });
  let standing: Standing = {
    leader: null,
    leaderMax: null,
    secondMax: null,
    price: null,
    endsAt: new Date(terms.auctionEndTime),
  };
  for (const bid of items) {
    const name = `bid ${bid.seq}`;
    const at = new Date(bid.at);
    standing = extended(terms, bid.seq - 1, standing, expect);
    expect(!terms.startsAt || at >= new Date(terms.startsAt), `${name}: before the start`);
    expect(at.getTime() < standing.endsAt.getTime(), `${name}: after the end`);
    if (bid.max === null || bid.salt === null) {
      expect(false, `${name}: its maximum is not revealed`);
      continue;
    }
    const committed = (await commitment(bid.salt, bid.max)) === bid.maxHash;
    expect(committed, `${name}: its maximum is not the one committed to`);
    const next = applyBid(rules, standing, { bidder: bid.bidder, max: BigInt(bid.max), at });
    expect(next !== null, `${name}: below the least that was allowed`);
    if (!next) continue;
    standing = next;
    const end = standing.endsAt.toISOString();
    expect(String(standing.price) === bid.price, `${name}: the price should be ${standing.price}`);
    expect(standing.leader === bid.leader, `${name}: ${standing.leader} should lead`);
    expect(end === bid.auctionEndTime, `${name}: the end should be ${end}`);
  }
  return standing;
};

/**
 * Replays a closed auction from its published log alone: terms and numbering, every link of the chain, every revealed
 * maximum against its commitment, every price, leader and end against the proxy rule. Prices in the log are minor
 * units. Answers winner (as masked), price and all that does not fit; trusts nothing but the rules.
 */
export const replay = async (log: Log): Promise<Proof> => {
  const violations: string[] = [];
  const expect: Expect = (fits, what) => {
    if (!fits) violations.push(what);
  };
  await checkTerms(log, expect);
  const head = await checkChain(log, expect);
  const standing = await checkBids(log, expect);
  const sold = isSold(rulesOf(log), standing);
  const { currency } = log.terms;
  const price = sold ? standing.price : null;
  return {
    valid: violations.length === 0,
    violations,
    bidCount: log.items.length,
    head,
    sold,
    winner: sold ? standing.leader : null,
    price: price === null || !isCurrency(currency) ? null : textFromMinor(price, currency),
    currency,
  };
};

/** How many decimals a currency's minor unit has, for readers of a log. */
export const placesOf = (currency: string): number => (isCurrency(currency) ? currencies[currency] : 0);
