import type { Db } from "@evx/db";
import { hour_ms, minute_ms } from "@evx/kernel";
import { refuse } from "./errors.ts";
import { forgetPoints, spendPoints, spentPoints } from "./queries/rate-limits.ts";

const failuresByDefault = 10;

/** What counts failed sign-ins, and how many a minute each may reach. */
const guessLimits = (ip: string, email: string, failuresPerAccount: number) =>
  [
    [`guess:${ip}:${email}`, failuresPerAccount],
    [`guess:${ip}`, 5 * failuresPerAccount],
    // From many addresses at once: slower than one, but bounded as well.
    [`guess::${email}`, 5 * failuresPerAccount],
  ] as const;

/** From where, and for which account, somebody tries to sign in. */
export type Attempt = { ip: string; email: string };

/**
 * Refuses `sign_in_limited` after too many failures a minute of one address for one account, or five times as many of
 * either; counts nothing. Only failures count, so a crowd behind one address can sign in; every server asks
 * the database, which costs nothing beside a hash of 260 ms.
 */
export const checkGuesses = async (
  db: Db,
  { ip, email }: Attempt,
  failuresPerAccount = failuresByDefault,
): Promise<void> => {
  for (const [key, most] of guessLimits(ip, email, failuresPerAccount)) {
    const spent = await spentPoints(db, key);
    if (spent && spent.points >= BigInt(most))
      throw refuse("sign_in_limited", { seconds: Math.max(1, Math.ceil(spent.left_ms / 1000)) });
  }
};

/** Counts a failed attempt to sign in. */
export const guessFailed = async (db: Db, { ip, email }: Attempt): Promise<void> => {
  const counted = guessLimits(ip, email, failuresByDefault).map(([key]) => ({ key, points: 1 }));
  await spendPoints(db, counted, minute_ms);
};

/** Whoever signed in begins anew with this account from this address. */
export const guessSucceeded = async (db: Db, { ip, email }: Attempt): Promise<void> => {
  await forgetPoints(db, `guess:${ip}:${email}`);
};

const lettersPerAddress = 5;
const lettersPerClient = 20;

/** Counts a letter that a client asks to be sent to an address, and answers whether it may be; else, when again. */
export const spendLetter = async (
  db: Db,
  { ip, email }: Attempt,
): Promise<{ ok: boolean; minutes: number }> => {
  const limits = new Map([
    [`letter:${email}`, lettersPerAddress],
    [`letter::${ip}`, lettersPerClient],
  ]);
  const spending = [...limits.keys()].map((key) => ({ key, points: 1 }));
  const spent = await spendPoints(db, spending, hour_ms);
  const over = spent.filter(({ key, points }) => points > BigInt(limits.get(key) ?? 0));
  return {
    ok: over.length === 0,
    minutes: Math.max(1, ...over.map(({ left_ms }) => Math.ceil(left_ms / minute_ms))),
  };
};
