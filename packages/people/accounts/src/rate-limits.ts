import type { Db } from "@evx/db";
import { day_ms, hour_ms, type Id, minute_ms, networkOf, siteOf } from "@evx/kernel";
import { refuse } from "./errors.ts";
import { isKnownPlace } from "./queries/places.ts";
import { forgetPoints, type Spent, spendPoints } from "./queries/rate-limits.ts";

const failuresByDefault = 10;

/** From where, and for which account, somebody tries to sign in. */
export type Attempt = { ip: string; email: string };

/** A customer's /48 of IPv6 holds 65,536 networks: all of them together may do as much as so many. */
const networksInSite = 4;

const keysOf = ({ ip, email }: Attempt) => {
  const [network, site] = [networkOf(ip), siteOf(ip)];
  return {
    network,
    here: `guess:${network}:${email}`,
    neighbours: `guess:${network}`,
    site: site ? [`guess:${site}`] : [],
    // From many addresses at once: slower than one, but bounded as well.
    account: `guess::${email}`,
  };
};

const secondsLeft = (spent: readonly Spent[]): number =>
  Math.max(1, ...spent.map(({ left_ms }) => Math.ceil(left_ms / 1000)));

/**
 * Charges a guess before its hash is computed, in one statement, so that of a hundred at once no more pass than of a
 * hundred one after the other. Refuses `sign_in_limited` beyond so many a minute from one network for one account. Five times
 * as many from one network, twenty times from one /48 of IPv6, or five for one account from anywhere, refuse only where the person
 * never signed in from:
 * an owner under attack, and those who share an address with an attacker, still get in. Give it back when it was right.
 */
export const chargeGuess = async (
  db: Db,
  attempt: Attempt,
  failuresPerAccount = failuresByDefault,
): Promise<void> => {
  const { network, here, neighbours, site, account } = keysOf(attempt);
  const charged = [here, neighbours, ...site, account].map((key) => ({ key, points: 1 }));
  const spent = await spendPoints(db, charged, minute_ms);
  const over = (key: string, most: number) =>
    spent.filter((one) => one.key === key && one.points > BigInt(most));
  const close = over(here, failuresPerAccount);
  if (close.length > 0) throw refuse("sign_in_limited", { seconds: secondsLeft(close) });
  const widely = 5 * failuresPerAccount;
  const wide = [
    ...over(neighbours, widely),
    ...site.flatMap((key) => over(key, networksInSite * widely)),
    ...over(account, widely),
  ];
  if (wide.length > 0 && !(await isKnownPlace(db, attempt.email, network)))
    throw refuse("sign_in_limited", { seconds: secondsLeft(wide) });
};

/** A guess that was right counts for nothing, and whoever signed in begins anew with this account from here. */
export const forgiveGuess = async (db: Db, attempt: Attempt): Promise<void> => {
  const { here, neighbours, site, account } = keysOf(attempt);
  await forgetPoints(db, here);
  await spendPoints(
    db,
    [neighbours, ...site, account].map((key) => ({ key, points: -1 })),
    minute_ms,
  );
};

const codesPerHour = 20;

/** Whoever guesses codes knows the password already: twenty an hour for an account, from wherever they come. */
export const chargeCode = async (db: Db, account: string): Promise<void> => {
  const spent = await spendPoints(db, [{ key: `code:${account}`, points: 1 }], hour_ms);
  if (spent.some(({ points }) => points > BigInt(codesPerHour)))
    throw refuse("sign_in_limited", { seconds: secondsLeft(spent) });
};

export const forgiveCode = (db: Db, account: string): Promise<void> => forgetPoints(db, `code:${account}`);

/** Longer than the two minutes in which a code is good, on either side of its own half. */
const codeLives_ms = 3 * minute_ms;

/** Takes a code of an authenticator; false when it was taken before. `digest` stands for person and code. */
export const takeCode = async (db: Db, digest: string): Promise<boolean> => {
  const [spent] = await spendPoints(db, [{ key: `used-code:${digest}`, points: 1 }], codeLives_ms);
  return spent?.points === 1n;
};

/** Charges a signed-in person who says their password again; refuses `sign_in_limited` beyond ten a minute. */
export const chargeProof = async (db: Db, userId: Id<"user">, most = failuresByDefault): Promise<void> => {
  const spent = await spendPoints(db, [{ key: `proof:${userId}`, points: 1 }], minute_ms);
  if (spent.some(({ points }) => points > BigInt(most)))
    throw refuse("sign_in_limited", { seconds: secondsLeft(spent) });
};

export const forgiveProof = (db: Db, userId: Id<"user">): Promise<void> =>
  forgetPoints(db, `proof:${userId}`);

const lettersPerAddress = 5;
const lettersPerClient = 20;

/** Counts a letter that a client asks to be sent to an address, and answers whether it may be; else, when again. */
export const spendLetter = async (
  db: Db,
  { ip, email }: Attempt,
): Promise<{ ok: boolean; minutes: number }> => {
  const site = siteOf(ip);
  const limits = new Map([
    [`letter:${email}`, lettersPerAddress],
    [`letter::${networkOf(ip)}`, lettersPerClient],
    // Letters go to strangers too: a customer's networks together write no more than a few of them would.
    ...(site ? [[`letter::${site}`, networksInSite * lettersPerClient] as const] : []),
  ]);
  const spending = [...limits.keys()].map((key) => ({ key, points: 1 }));
  const spent = await spendPoints(db, spending, hour_ms);
  const over = spent.filter(({ key, points }) => points > BigInt(limits.get(key) ?? 0));
  return {
    ok: over.length === 0,
    minutes: Math.max(1, ...over.map(({ left_ms }) => Math.ceil(left_ms / minute_ms))),
  };
};

const invitationsTo = 3;
const invitationsBy = 200;

/**
 * Counts a letter that a person has sent to whomever they name, apart from the letters that somebody asks for themselves, so
 * that nobody's reset is used up by it. Answers whether it may be sent; else, when again.
 */
export const spendInvitation = async (
  db: Db,
  { by, email }: { by: Id<"user">; email: string },
): Promise<{ ok: boolean; minutes: number }> => {
  const limits = new Map([
    [`invitation:${email}`, invitationsTo],
    [`invitation::${by}`, invitationsBy],
  ]);
  const spent = await spendPoints(
    db,
    [...limits.keys()].map((key) => ({ key, points: 1 })),
    hour_ms,
  );
  const over = spent.filter(({ key, points }) => points > BigInt(limits.get(key) ?? 0));
  const minutes = Math.max(1, ...over.map(({ left_ms }) => Math.ceil(left_ms / minute_ms)));
  return { ok: over.length === 0, minutes };
};

const codesTo = 5;
const codesBy = 5;

/**
 * Counts a code that a person has sent to a telephone, which may be a stranger's: five a day for the number, whoever asks, and
 * five for the person, whatever numbers they name, forget and name again. Answers whether it may be sent.
 */
export const spendPhoneCode = async (
  db: Db,
  { by, number }: { by: Id<"user">; number: string },
): Promise<boolean> => {
  const limits = new Map([
    [`phone:${number}`, codesTo],
    [`phone::${by}`, codesBy],
  ]);
  const spent = await spendPoints(
    db,
    [...limits.keys()].map((key) => ({ key, points: 1 })),
    day_ms,
  );
  return spent.every(({ key, points }) => points <= BigInt(limits.get(key) ?? 0));
};
