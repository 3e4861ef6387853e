import type { Db } from "@evx/db";
import { type Id, minute_ms } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type { Accounts } from "./accounts.ts";
import { identify, sessionOf } from "./authenticate.ts";
import { refuse } from "./errors.ts";
import type { MemberContext } from "./exchange.ts";
import { isPassword } from "./hashing.ts";
import { passwordHash } from "./queries/credentials.ts";
import { isProvenSince, noteProof } from "./queries/sessions.ts";
import { chargeProof, forgiveProof } from "./rate-limits.ts";

/** A proof is fresh for so long. */
const fresh_ms = 10 * minute_ms;

/**
 * Runs what asks for the person's password, once it is known to be right. The guess is charged first, the hash is
 * computed outside of any transaction, and better-auth, which asks again inside one, is answered from here. Refuses
 * `password_wrong`, and `sign_in_limited` after ten wrong ones in a minute.
 */
export const withPassword = async <T>(
  ctx: MemberContext,
  accounts: Accounts,
  password: string,
  work: () => Promise<T>,
): Promise<T> => {
  const { db, auth, hashing, settings } = accounts;
  await chargeProof(db, ctx.actor.id, settings.signInFailures);
  const hash = await passwordHash(db, ctx.actor.id);
  if (!hash || !(await isPassword(hashing, password, hash))) throw refuse("password_wrong");
  await forgiveProof(db, ctx.actor.id);
  const session = sessionOf(await identify(accounts, ctx.request.headers));
  if (session) await noteProof(db, session);
  return auth.proven.run({ password, hash }, work);
};

/**
 * Passes when the caller signed in, or gave their password again, within ten minutes; else asks for the password
 * (`proof_required`), or checks the one that is given.
 */
export const freshProof = async (
  ctx: MemberContext,
  accounts: Accounts,
  password: string | undefined,
): Promise<void> => {
  if (password !== undefined) return withPassword(ctx, accounts, password, async () => {});
  const session = sessionOf(await identify(accounts, ctx.request.headers));
  if (!session) throw refuse("session_required");
  if (!(await isProvenSince(accounts.db, session, fresh_ms))) throw refuse("proof_required");
};

/** The session by which somebody came. Refuses `session_required` to API keys, which have none. */
export const ownSession = (actor: Pick<Actor, "sessionId">): Id<"session"> => {
  if (!actor.sessionId) throw refuse("session_required");
  return actor.sessionId;
};

/**
 * For what outlives the session by which it is set up and which a company's scripts set up too: a driver, a token of a car.
 * Refuses `proof_required` to a session that neither began nor was proven within ten minutes (`account.prove`): whoever found one
 * open must not stay when it ends. A key passes, since it took that proof to make it; a hand at the database has no session
 * to be stolen.
 */
export const provenLately = async (db: Db, actor: Pick<Actor, "sessionId">): Promise<void> => {
  if (actor.sessionId && !(await isProvenSince(db, actor.sessionId, fresh_ms)))
    throw refuse("proof_required");
};

/**
 * For what outlives the session by which it is set up, and is a person's own: a telephone, an account that money goes to, and
 * whom an operator makes, lets in or gives a right. Refuses `session_required` to API keys, and `proof_required` as above.
 */
export const inPersonLately = async (db: Db, actor: Pick<Actor, "scopes" | "sessionId">): Promise<void> => {
  inPerson(actor);
  await provenLately(db, actor);
};

/** Refuses `session_required` to API keys: who holds one must not make administrators, or people who are. */
const inPerson = (actor: Pick<Actor, "scopes">): void => {
  if (actor.scopes) throw refuse("session_required");
};
