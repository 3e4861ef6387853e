import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import { defineJob, enqueue, type Handler, handle } from "@evx/jobs";
import { type Id, networkOf, newId, Refusal } from "@evx/kernel";
import type { Context } from "@evx/rpc";
import * as v from "valibot";
import { catchUp } from "./access.ts";
import type { Accounts } from "./accounts.ts";
import { session_s, suspendedCode } from "./auth.ts";
import { cookieAgain, identify, sessionOf } from "./authenticate.ts";
import { noteDevice } from "./devices.ts";
import { refuse } from "./errors.ts";
import { authCode, headersFor, ourId, passCookies, type RequestContext } from "./exchange.ts";
import { costOf, hashOf } from "./hashing.ts";
import { passwordHash, replaceHash } from "./queries/credentials.ts";
import { notePlace } from "./queries/places.ts";
import { deleteSession, extendSession, markApiSession } from "./queries/sessions.ts";
import { userByEmail, userRow } from "./queries/users.ts";
import { chargeGuess, forgiveGuess } from "./rate-limits.ts";
import type { UserView } from "./schema.ts";
import { addRefreshToken, refreshRefusal, rotateRefreshToken, signToken } from "./tokens.ts";
import { secondStep } from "./two-factor.ts";
import { actorFrom, userView } from "./users.ts";

export type Credentials = { email: string; password: string; code?: string | undefined };

export type Signed = { token: string; refreshToken: string; expiresAt: Date; user: UserView };

/** Somebody failed to sign in to an address, which may be nobody's. */
const noteFailure = defineJob("identity.note_failure", v.object({ email: v.string(), ip: v.string() }));

/** An account that nobody has. */
const nobody = newId("user");

/**
 * A failed attempt was charged already; it leaves a trace where the address is somebody's. A job leaves it: writing the line
 * here would make the answer for an address that somebody has a little later than the other. better-auth has read one row
 * more for such a one by now; for the other it is read here.
 */
const failed = async (ctx: RequestContext, email: string): Promise<void> => {
  const known = await userByEmail(ctx.db, email);
  if (!known) await passwordHash(ctx.db, nobody);
  await ctx.transact((tx) => enqueue(tx, noteFailure, { email, ip: ctx.request.ip }));
};

export const failureHandler: Handler = handle(noteFailure, (job, { email, ip }) =>
  job.transact(async (tx) => {
    const known = await userByEmail(tx, email);
    if (known) await audit(tx, null, "user.sign_in_failed", known.id, { origin: ip });
  }),
);

/** A session that a password, and where it is on the second factor, has just opened. */
type Opened = { headers: Headers; token: string; userId: string };

const passwordStep = async (
  ctx: RequestContext,
  accounts: Accounts,
  { email, password, code }: Credentials,
): Promise<Opened> => {
  const base = headersFor(ctx);
  const { headers, response } = await accounts.auth.api.signInEmail({
    body: { email, password },
    headers: base,
    returnHeaders: true,
  });
  return "twoFactorRedirect" in response
    ? secondStep(accounts, { first: headers, base, code, email })
    : { headers, token: response.token, userId: response.user.id };
};

/**
 * Checks a password and, where it is on, the second factor; answers the new session's token and cookies.
 * One sentence and one duration for all that can be wrong with address and password.
 */
const openSession = async (
  ctx: RequestContext,
  accounts: Accounts,
  credentials: Credentials,
): Promise<Opened> => {
  const { db, settings } = accounts;
  const attempt = { ip: ctx.request.ip, email: credentials.email };
  await chargeGuess(db, attempt, settings.signInFailures);
  try {
    const opened = await passwordStep(ctx, accounts, credentials);
    await forgiveGuess(db, attempt);
    return opened;
  } catch (error) {
    // The password was right: asking for the code is no failure. Nothing was tried where nobody had time.
    if (
      error instanceof Refusal &&
      /^(two_factor_required|server_busy|server_clock_wrong)$/.test(error.code)
    ) {
      await forgiveGuess(db, attempt);
      throw error;
    }
    const why = authCode(error);
    if (why === suspendedCode) throw refuse("account_suspended", {}, { cause: error });
    if (why === null && !(error instanceof Refusal)) throw error;
    await failed(ctx, credentials.email);
    throw error instanceof Refusal ? error : refuse("credentials_wrong", {}, { cause: error });
  }
};

/** Notes from where a person came, and hashes the password anew where the venue's cost has changed since. */
const noteSignIn = async (
  ctx: RequestContext,
  accounts: Accounts,
  { userId, password }: { userId: Id<"user">; password: string },
): Promise<(tx: Tx) => Promise<void>> => {
  const { db, hashing } = accounts;
  const from = await passwordHash(db, userId);
  const stale = from && costOf(from) !== hashing.cost ? from : null;
  // A venue that is busy hashes it another time.
  const to = stale && (await hashOf(hashing, password).catch(() => null));
  return async (tx) => {
    await notePlace(tx, userId, networkOf(ctx.request.ip));
    if (stale && to) await replaceHash(tx, userId, { from: stale, to });
  };
};

/** Signs in for the web. The session is always a new one; one that the browser still had is ended. */
export const signIn = async (
  ctx: RequestContext,
  accounts: Accounts,
  credentials: Credentials,
): Promise<UserView> => {
  const before = await identify(accounts, ctx.request.headers);
  const left = before?.via === "cookie" ? sessionOf(before) : undefined;
  const { headers, userId: opened } = await openSession(ctx, accounts, credentials);
  const userId = ourId("user", opened);
  const note = await noteSignIn(ctx, accounts, { userId, password: credentials.password });
  const { row, device } = await ctx.transact(async (tx) => {
    if (left) await deleteSession(tx, left);
    const row = await userRow(tx, userId);
    if (!row) throw refuse("credentials_wrong");
    await note(tx);
    const device = await noteDevice(tx, ctx, accounts.settings, userId);
    await audit(tx, actorFrom(row), "user.sign_in", row.id, { after: { by: "web" } });
    return { row, device };
  });
  if (left) await catchUp(accounts.access);
  passCookies(headers, ctx);
  ctx.answer.headers.append("set-cookie", device);
  return userView(row);
};

/** Signs in for the API: an access token and the first refresh token of a new family. */
export const login = async (
  ctx: RequestContext,
  accounts: Accounts,
  credentials: Credentials,
): Promise<Signed> => {
  const { token, userId } = await openSession(ctx, accounts, credentials);
  const { password } = credentials;
  const note = await noteSignIn(ctx, accounts, { userId: ourId("user", userId), password });
  const opened = await ctx.transact(async (tx) => {
    const session = await markApiSession(tx, token);
    const row = await userRow(tx, session.user_id);
    if (!row) throw refuse("credentials_wrong");
    const refreshToken = await addRefreshToken(tx, session.id);
    await note(tx);
    await audit(tx, actorFrom(row), "user.sign_in", row.id, { after: { by: "api" } });
    return { row, sessionId: session.id, refreshToken };
  });
  const signed = await signToken(accounts, opened.row, opened.sessionId);
  return { ...signed, refreshToken: opened.refreshToken, user: userView(opened.row) };
};

const exchangeToken = async (
  ctx: RequestContext,
  accounts: Accounts,
  refreshToken: string,
): Promise<Signed> => {
  const turned = await ctx.transact(async (tx) => {
    const turn = await rotateRefreshToken(tx, refreshToken);
    // Committed before it is refused: the family must stay ended.
    if (turn.outcome === "reused")
      await audit(tx, null, "session.refresh_reused", turn.userId, {
        before: { sessionId: turn.sessionId },
      });
    return turn;
  });
  if (turned.outcome === "reused") await catchUp(accounts.access);
  if (turned.outcome !== "rotated") throw refreshRefusal(turned.outcome);
  const signed = await signToken(accounts, turned.user, turned.sessionId);
  return { ...signed, refreshToken: turned.refreshToken, user: userView(turned.user) };
};

/** Exchanges a refresh token for new tokens. */
export const refreshTokens = async (
  ctx: RequestContext,
  accounts: Accounts,
  refreshToken: string,
): Promise<Signed> => {
  const { refreshing } = accounts;
  // A second tab that refreshes before the first one has its answer is no thief: it is asked to wait.
  if (refreshing.has(refreshToken)) throw refreshRefusal("busy");
  refreshing.add(refreshToken);
  try {
    return await exchangeToken(ctx, accounts, refreshToken);
  } finally {
    refreshing.delete(refreshToken);
  }
};

/** Ends the caller's session, whichever way they came, and clears the browser's cookie. */
export const signOut = async (ctx: RequestContext, accounts: Accounts): Promise<{ done: true }> => {
  const caller = await identify(accounts, ctx.request.headers);
  const cleared = await accounts.auth.api.signOut({ headers: headersFor(ctx, true), returnHeaders: true });
  passCookies(cleared.headers, ctx);
  const sessionId = sessionOf(caller);
  if (caller && sessionId)
    await ctx.transact(async (tx) => {
      await deleteSession(tx, sessionId);
      await audit(tx, caller.actor, "user.sign_out", caller.actor.id);
    });
  await catchUp(accounts.access);
  return { done: true };
};

/** Who is signed in, with the cookie's life extended when it is a day old. */
export const whoAmI = async (
  ctx: RequestContext & Pick<Context, "actor">,
  accounts: Accounts,
): Promise<UserView | null> => {
  if (!ctx.actor) return null;
  const row = await userRow(ctx.db, ctx.actor.id);
  if (!row) return null;
  if (ctx.request.headers.has("cookie") && !ctx.request.headers.has("authorization")) {
    const sessionId = sessionOf(await identify(accounts, ctx.request.headers));
    if (sessionId && (await extendSession(ctx.db, sessionId, session_s)))
      ctx.answer.headers.append("set-cookie", cookieAgain(accounts.settings, ctx.request.headers));
  }
  return userView(row);
};
