import type { Db, Tx } from "@evx/db";
import { defineJob, enqueue, handle } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import type { Actor, Context } from "@evx/rpc";
import * as v from "valibot";
import type { Access } from "./access.ts";
import { audit } from "./audit.ts";
import type { Auth } from "./auth.ts";
import type { Caller } from "./authenticate.ts";
import { refuse } from "./errors.ts";
import { authCode, headersFor, passCookies, type Request } from "./exchange.ts";
import { type Letters, receiver } from "./letters.ts";
import { spendPoints } from "./queries/limits.ts";
import { deleteOwnSession, deleteSessionsOf, sessionRows } from "./queries/sessions.ts";
import { type UserRow, updateUser, userRow } from "./queries/users.ts";
import type { SessionHeaders } from "./session-headers.ts";
import { actorFrom } from "./users.ts";

type MemberRequest = Request & Pick<Context, "db"> & { actor: Actor };

/** Somebody asked for a new password for an address, which may be nobody's. */
const writeReset = defineJob("identity.write_reset", v.object({ email: v.string() }));

const letterWindowMs = 3_600_000;
const lettersPerAddress = 5;
const lettersPerClient = 20;

const addressee = (row: UserRow) => receiver({ email: row.email, name: row.full_name, locale: row.locale });

/** Whether one more letter may go to an address at the wish of a client; counts it. */
const letterAllowed = async (
  db: Db,
  ip: string,
  email: string,
): Promise<{ ok: boolean; minutes: number }> => {
  const spent = await spendPoints(
    db,
    [
      { key: `letter:${email}`, points: 1 },
      { key: `letter::${ip}`, points: 1 },
    ],
    letterWindowMs,
  );
  const over = spent.filter(
    ({ key, points }) => points > BigInt(key.startsWith("letter::") ? lettersPerClient : lettersPerAddress),
  );
  return {
    ok: over.length === 0,
    minutes: Math.max(1, ...over.map(({ left_ms }) => Math.ceil(left_ms / 60_000))),
  };
};

/** What people do with their own account: address, password, sessions. */
export const createAccount = (
  { auth, within, withHash, verificationLetter }: Auth,
  letters: Letters,
  access: Access,
  identify: (headers: Headers) => Promise<Caller | null>,
  sessionHeaders: SessionHeaders,
) => {
  const ownHeaders = async (ctx: Request) => sessionHeaders(ctx, await identify(ctx.request.headers));

  /** Turns better-auth's answer into a refusal by its code; what is not listed stays an error. */
  const refused = (codes: Record<string, Parameters<typeof refuse>[0]>) => (error: unknown) => {
    const code = codes[authCode(error) ?? ""];
    throw code ? refuse(code, {}, { cause: error }) : error;
  };

  return {
    /** Sends the letter that confirms an address once more. */
    async sendVerification(ctx: MemberRequest): Promise<{ done: true }> {
      const row = await userRow(ctx.db, ctx.actor.id);
      if (!row) throw refuse("user_not_found");
      if (row.email_verified) throw refuse("email_verified_already");
      const { ok, minutes } = await letterAllowed(ctx.db, ctx.request.ip, row.email);
      if (!ok) throw refuse("letters_limited", { minutes });
      await ctx.transact((tx) => verificationLetter(tx, row));
      return { done: true };
    },

    /** Confirms an address, or a step of changing it, by the token of a letter. */
    async verifyEmail(ctx: Request, token: string): Promise<{ done: true; next: "done" | "new_address" }> {
      const subject = subjectOf(token);
      const next = await ctx.transact(async (tx) => {
        const before = subject ? await userRow(tx, subject) : undefined;
        await within(tx, () => auth.api.verifyEmail({ query: { token }, headers: headersFor(ctx) })).catch(
          (error) => {
            if (isTaken(error)) throw refuse("email_taken", {}, { cause: error });
            throw authCode(error) ? refuse("link_invalid", {}, { cause: error }) : error;
          },
        );
        const after = before && (await userRow(tx, before.id));
        if (!before || !after) return "done" as const;
        if (after.email !== before.email) {
          // Who reads mail at the new address has proven it, whatever the old one was.
          if (!after.email_verified) await updateUser(tx, after.id, { email_verified: true });
          await letters.write(tx, { ...addressee(before), kind: "email_changed", link: null });
          await audit(tx, actorFrom(after), "user.change_email", after.id, { origin: ctx.request.ip });
          return "done" as const;
        }
        if (after.email_verified && !before.email_verified) {
          await audit(tx, actorFrom(after), "user.verify_email", after.id, { origin: ctx.request.ip });
          return "done" as const;
        }
        return stepOf(token) === "change-email-confirmation" ? ("new_address" as const) : ("done" as const);
      });
      await access.refresh();
      return { done: true, next };
    },

    /**
     * Asks for a letter with which a new password can be set. A job writes it, so that the answer and its duration are
     * the same for addresses that nobody has.
     */
    async requestPasswordReset(ctx: Request, email: string): Promise<{ done: true }> {
      const { ok } = await letterAllowed(ctx.db, ctx.request.ip, email);
      if (ok) await ctx.transact((tx) => enqueue(tx, writeReset, { email }));
      return { done: true };
    },

    resetHandler: handle(writeReset, (job, { email }) =>
      job.transact((tx) => within(tx, () => auth.api.requestPasswordReset({ body: { email } }))),
    ),

    /** Sets a new password by the token of a letter and ends every session. The address is proven by it as well. */
    async resetPassword(ctx: Request, token: string, password: string): Promise<{ done: true }> {
      await withHash(password, () =>
        ctx.transact(async (tx) => {
          const userId = await resetSubject(tx, token);
          await within(tx, () =>
            auth.api.resetPassword({ body: { token, newPassword: password }, headers: headersFor(ctx) }),
          ).catch(refused({ INVALID_TOKEN: "link_invalid", USER_NOT_FOUND: "link_invalid" }));
          const row = userId ? await updateUser(tx, userId, { email_verified: true }) : undefined;
          if (!row) return;
          await letters.write(tx, { ...addressee(row), kind: "password_changed", link: null });
          await audit(tx, actorFrom(row), "user.reset_password", row.id, { origin: ctx.request.ip });
        }),
      );
      await access.settle();
      return { done: true };
    },

    /** Changes the password of a signed-in person and ends their other sessions. */
    async changePassword(
      ctx: MemberRequest,
      given: { currentPassword: string; newPassword: string },
    ): Promise<{ done: true }> {
      const headers = await ownHeaders(ctx);
      const caller = await identify(ctx.request.headers);
      await withHash(given.newPassword, () =>
        ctx.transact(async (tx) => {
          await within(tx, () =>
            auth.api.changePassword({ body: { ...given, revokeOtherSessions: false }, headers }),
          ).catch(refused({ INVALID_PASSWORD: "password_wrong" }));
          await deleteSessionsOf(tx, ctx.actor.id, caller?.subjectId);
          const row = await userRow(tx, ctx.actor.id);
          if (row) await letters.write(tx, { ...addressee(row), kind: "password_changed", link: null });
          await audit(tx, ctx.actor, "user.change_password", ctx.actor.id, { origin: ctx.request.ip });
        }),
      );
      await access.settle();
      return { done: true };
    },

    /**
     * Begins a change of address: a confirmed one must agree first, then the new one must confirm. The answer is the
     * same whether somebody has the new address or not.
     */
    async changeEmail(
      ctx: MemberRequest,
      given: { email: string; password: string },
    ): Promise<{ done: true }> {
      const headers = await ownHeaders(ctx);
      const row = await userRow(ctx.db, ctx.actor.id);
      if (row?.email === given.email) throw refuse("email_unchanged");
      const { ok, minutes } = await letterAllowed(ctx.db, ctx.request.ip, row?.email ?? given.email);
      if (!ok) throw refuse("letters_limited", { minutes });
      await auth.api
        .verifyPassword({ body: { password: given.password }, headers })
        .catch(refused({ INVALID_PASSWORD: "password_wrong" }));
      await ctx.transact(async (tx) => {
        await within(tx, () => auth.api.changeEmail({ body: { newEmail: given.email }, headers }));
        await audit(tx, ctx.actor, "user.ask_change_email", ctx.actor.id, { origin: ctx.request.ip });
      });
      return { done: true };
    },

    /** A person's open sessions, the last used first. */
    async sessions(ctx: MemberRequest) {
      const caller = await identify(ctx.request.headers);
      const rows = await sessionRows(ctx.db, ctx.actor.id);
      return rows.map((row) => sessionView(row, caller?.subjectId));
    },

    /** Ends one of one's own sessions. */
    async endSession(ctx: MemberRequest, id: Id<"session">): Promise<{ done: true }> {
      await ctx.transact(async (tx) => {
        if (!(await deleteOwnSession(tx, ctx.actor.id, id))) throw refuse("session_not_found");
        await audit(tx, ctx.actor, "session.end", ctx.actor.id, {
          before: { sessionId: id },
          origin: ctx.request.ip,
        });
      });
      await access.refresh();
      return { done: true };
    },

    /** Signs out everywhere: all sessions but this one, or this one too. */
    async endSessions(
      ctx: MemberRequest,
      { alsoThis }: { alsoThis: boolean },
    ): Promise<{ sessions: number }> {
      const caller = await identify(ctx.request.headers);
      const sessions = await ctx.transact(async (tx) => {
        const ended = await deleteSessionsOf(tx, ctx.actor.id, alsoThis ? undefined : caller?.subjectId);
        await audit(tx, ctx.actor, "session.end_all", ctx.actor.id, {
          after: { sessionsEnded: ended },
          origin: ctx.request.ip,
        });
        return ended;
      });
      if (alsoThis) {
        const cleared = await auth.api.signOut({ headers: headersFor(ctx, true), returnHeaders: true });
        passCookies(cleared.headers, ctx);
      }
      await access.settle();
      return { sessions };
    },
  };

  /** Whose password a reset token sets; read before it is consumed, through better-auth since it is stored hashed. */
  async function resetSubject(tx: Tx, token: string): Promise<string | null> {
    const context = await auth.$context;
    const found = await within(tx, () =>
      context.internalAdapter.findVerificationValue(`reset-password:${token}`),
    );
    return found?.value ?? null;
  }
};

export type Account = ReturnType<typeof createAccount>;

type SessionRow = Awaited<ReturnType<typeof sessionRows>>[number];

/** A session as its owner and an operator see it. */
export const sessionView = (row: SessionRow, currentId?: string) => ({
  id: row.id as Id<"session">,
  kind: row.kind,
  current: row.id === currentId,
  ip: row.ip_address,
  userAgent: row.user_agent,
  createdAt: row.created_at,
  lastUsedAt: row.updated_at,
  expiresAt: row.expires_at,
});

/** A person's open sessions as an operator sees them. */
export const sessionsOf = async (db: Db, userId: Id<"user">) =>
  (await sessionRows(db, userId)).map((row) => sessionView(row));

type LetterClaims = { userId?: unknown; requestType?: unknown };

/** What a letter's token says of itself, unchecked: only better-auth decides whether it is good. */
const claimsOf = (token: string): LetterClaims => {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return typeof claims === "object" && claims !== null ? claims : {};
  } catch {
    return {};
  }
};

const subjectOf = (token: string): string | null => {
  const { userId } = claimsOf(token);
  return typeof userId === "string" && /^usr_[0-9a-z]{26}$/.test(userId) ? userId : null;
};

const stepOf = (token: string): unknown => claimsOf(token).requestType;

/** Postgres' unique_violation: somebody took the address since the letter was written. */
const isTaken = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "23505";
