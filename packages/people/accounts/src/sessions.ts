import { audit } from "@evx/audit";
import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import type * as v from "valibot";
import { catchUp, catchUpEverywhere } from "./access.ts";
import type { Accounts } from "./accounts.ts";
import { identify, sessionOf } from "./authenticate.ts";
import { refuse } from "./errors.ts";
import { headersFor, type MemberContext, passCookies } from "./exchange.ts";
import { outdateLinks } from "./queries/credentials.ts";
import { deleteKeysOf } from "./queries/keys.ts";
import { deleteOwnSession, deleteSessionsOf, sessionRows } from "./queries/sessions.ts";
import type * as S from "./schema.ts";

type SessionRow = Awaited<ReturnType<typeof sessionRows>>[number];

/** A session as its owner and an operator see it. */
export type SessionView = v.InferInput<typeof S.Session>;

const sessionView = (row: SessionRow, currentId?: Id<"session">): SessionView => ({
  id: row.id,
  kind: row.kind,
  current: row.id === currentId,
  ip: row.ip_address,
  userAgent: row.user_agent,
  createdAt: row.created_at,
  lastUsedAt: row.updated_at,
  expiresAt: row.expires_at,
});

/** A person's open sessions as an operator sees them, the last used first. */
export const sessionsOf = async (db: Db, userId: Id<"user">): Promise<SessionView[]> =>
  (await sessionRows(db, userId)).map((row) => sessionView(row));

/** One's own open sessions, the last used first. */
export const ownSessions = async (ctx: MemberContext, accounts: Accounts): Promise<SessionView[]> => {
  const current = sessionOf(await identify(accounts, ctx.request.headers));
  return (await sessionRows(ctx.db, ctx.actor.id)).map((row) => sessionView(row, current));
};

/** Ends one of one's own sessions. Refuses `session_not_found`. */
export const endSession = async (
  ctx: MemberContext,
  { access }: Accounts,
  id: Id<"session">,
): Promise<{ done: true }> => {
  await ctx.transact(async (tx) => {
    if (!(await deleteOwnSession(tx, ctx.actor.id, id))) throw refuse("session_not_found");
    await audit(tx, ctx.actor, "session.end", ctx.actor.id, { before: { sessionId: id } });
  });
  await catchUp(access);
  return { done: true };
};

/** Signs out everywhere: all API keys, what letters still promise, and all sessions but this one, or this one too. Answers how many sessions ended. */
export const endSessions = async (
  ctx: MemberContext,
  accounts: Accounts,
  { alsoThis }: { alsoThis: boolean },
): Promise<{ sessions: number }> => {
  const kept = alsoThis ? undefined : sessionOf(await identify(accounts, ctx.request.headers));
  const sessions = await ctx.transact(async (tx) => {
    const ended = await deleteSessionsOf(tx, ctx.actor.id, kept);
    const keysEnded = await deleteKeysOf(tx, ctx.actor.id);
    await outdateLinks(tx, ctx.actor.id);
    await audit(tx, ctx.actor, "session.end_all", ctx.actor.id, {
      after: { sessionsEnded: ended, keysEnded },
    });
    return ended;
  });
  if (alsoThis) {
    const cleared = await accounts.auth.api.signOut({ headers: headersFor(ctx, true), returnHeaders: true });
    passCookies(cleared.headers, ctx);
  }
  await catchUpEverywhere(accounts.access);
  return { sessions };
};
