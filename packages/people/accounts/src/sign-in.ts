import { emit } from "@evx/jobs";
import { type Id, type Locale, Refusal } from "@evx/kernel";
import type { Actor, Context, Role } from "@evx/rpc";
import type { Access } from "./access.ts";
import { audit } from "./audit.ts";
import { type Auth, suspendedCode } from "./auth.ts";
import type { Caller } from "./authenticate.ts";
import { refuse } from "./errors.ts";
import { userRegistered } from "./events.ts";
import { authCode, headersFor, passCookies, type Request } from "./exchange.ts";
import type { GuessLimiter } from "./limits.ts";
import { deleteSession, markApiSession, sessionByToken } from "./queries/sessions.ts";
import { type UserRow, userByEmail, userRow } from "./queries/users.ts";
import type { UserView } from "./schema.ts";
import { refreshRefusal, type TokenOffice } from "./tokens.ts";
import { secondStep } from "./two-factor.ts";
import { actorFrom, userView } from "./users.ts";

type Credentials = { email: string; password: string; code?: string | undefined };

export type NewPerson = { email: string; password: string; fullName: string; role: Role; locale: Locale };

type Wish = Omit<NewPerson, "locale"> & { locale?: Locale | undefined };

export type Signed = { token: string; refreshToken: string; expiresAt: Date; user: UserView };

const emailTakenCodes = new Set([
  "USER_ALREADY_EXISTS",
  "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
  // The address was taken between the look and the insert.
  "FAILED_TO_CREATE_USER",
]);

export const createSignIn = (
  { auth, within, withHash, verificationLetter, invitation }: Auth,
  tokens: TokenOffice,
  guesses: GuessLimiter,
  identify: (headers: Headers) => Promise<Caller | null>,
  access: Access,
) => {
  /**
   * Stores a person with their password, the event and the trace: all or nothing. Two who register one address at
   * once: one gets it, the other `email_taken`. Answers the session's cookies, which are dropped unless wanted.
   */
  const register = (
    ctx: Pick<Request, "request" | "transact">,
    person: NewPerson,
    { by, session, invite = false }: { by: Actor | null; session: boolean; invite?: boolean },
  ): Promise<{ user: UserRow; cookies: Headers }> =>
    withHash(person.password, () =>
      ctx.transact(async (tx) => {
        const { email, password, fullName: name, role, locale } = person;
        const made = await within(tx, () =>
          auth.api.signUpEmail({
            body: { email, password, name, role, locale },
            headers: headersFor(ctx),
            returnHeaders: true,
          }),
        ).catch((error: unknown) => {
          throw emailTakenCodes.has(authCode(error) ?? "")
            ? refuse("email_taken", {}, { cause: error })
            : error;
        });
        const token = made.response.token;
        if (!session && token) {
          const opened = await sessionByToken(tx, token);
          if (opened) await deleteSession(tx, opened.id);
        }
        const user = await userRow(tx, made.response.user.id);
        if (!user) throw new Error("A person who was just stored is not there");
        if (!by) await verificationLetter(tx, user);
        if (invite) await invitation(tx, user);
        await emit(tx, userRegistered, {
          userId: user.id as Id<"user">,
          role: user.role,
          locale: user.locale,
          by: by?.id ?? null,
        });
        await audit(tx, by ?? actorFrom(user), "user.register", user.id, {
          after: { role: user.role },
          origin: ctx.request.ip,
        });
        return { user, cookies: made.headers };
      }),
    );

  /** Whoever fails is counted and leaves a trace, if there is such a person at all. */
  const failed = async (ctx: Request, email: string): Promise<void> => {
    const { ip } = ctx.request;
    await guesses.failed(ip, email);
    await ctx.transact(async (tx) => {
      const known = await userByEmail(tx, email);
      if (known) await audit(tx, null, "user.sign_in_failed", known.id, { origin: ip });
    });
  };

  /**
   * Checks a password and, where it is on, the second factor; answers the new session's token and cookies.
   * One sentence and one duration for all that can be wrong with address and password.
   */
  const open = async (
    ctx: Request,
    { email, password, code }: Credentials,
  ): Promise<{ headers: Headers; token: string; userId: string }> => {
    await guesses.check(ctx.request.ip, email);
    const base = headersFor(ctx);
    try {
      const { headers, response } = await auth.api.signInEmail({
        body: { email, password },
        headers: base,
        returnHeaders: true,
      });
      const opened =
        "twoFactorRedirect" in response
          ? await secondStep({ auth }, headers, base, code)
          : { headers, token: response.token, userId: response.user.id };
      await guesses.succeeded(ctx.request.ip, email);
      return opened;
    } catch (error) {
      if (error instanceof Refusal && error.code === "two_factor_required") throw error;
      if (error instanceof Refusal) {
        await failed(ctx, email);
        throw error;
      }
      const why = authCode(error);
      if (why === suspendedCode) throw refuse("account_suspended", {}, { cause: error });
      if (why === null) throw error;
      await failed(ctx, email);
      throw refuse("credentials_wrong", {}, { cause: error });
    }
  };

  const refreshing = new Set<string>();

  const refreshOnce = async (ctx: Request, refreshToken: string): Promise<Signed> => {
    const turned = await ctx.transact(async (tx) => {
      const turn = await tokens.rotate(tx, refreshToken);
      // Committed before it is refused: the family must stay ended.
      if (turn.outcome === "reused")
        await audit(tx, null, "session.refresh_reused", turn.userId, {
          before: { sessionId: turn.sessionId },
          origin: ctx.request.ip,
        });
      return turn;
    });
    if (turned.outcome === "reused") await access.refresh();
    if (turned.outcome !== "rotated") throw refreshRefusal(turned.outcome);
    const signed = await tokens.sign(turned.user, turned.sessionId);
    return { ...signed, refreshToken: turned.refreshToken, user: userView(turned.user) };
  };

  return {
    register,

    /** Creates an account and no session. */
    async registerOnly(ctx: Request, wish: Wish): Promise<UserView> {
      const person = { ...wish, locale: wish.locale ?? ctx.locale };
      const { user } = await register(ctx, person, { by: null, session: false });
      return userView(user);
    },

    /** Creates an account and signs in, for the web: the session's cookie is set on the answer. */
    async signUp(ctx: Request, wish: Wish): Promise<UserView> {
      const person = { ...wish, locale: wish.locale ?? ctx.locale };
      const { user, cookies } = await register(ctx, person, { by: null, session: true });
      passCookies(cookies, ctx);
      return userView(user);
    },

    /** Signs in for the web. The session is always a new one; one that the browser still had is ended. */
    async signIn(ctx: Request, given: Credentials): Promise<UserView> {
      const before = await identify(ctx.request.headers);
      const { headers, userId } = await open(ctx, given);
      const user = await ctx.transact(async (tx) => {
        if (before?.via === "cookie") await deleteSession(tx, before.subjectId);
        const row = await userRow(tx, userId);
        if (!row) throw refuse("credentials_wrong");
        await audit(tx, actorFrom(row), "user.sign_in", row.id, {
          after: { by: "web" },
          origin: ctx.request.ip,
        });
        return row;
      });
      if (before?.via === "cookie") await access.refresh();
      passCookies(headers, ctx);
      return userView(user);
    },

    /** Signs in for the API: an access token and the first refresh token of a new family. */
    async login(ctx: Request, given: Credentials): Promise<Signed> {
      const { token } = await open(ctx, given);
      const opened = await ctx.transact(async (tx) => {
        const session = await markApiSession(tx, token);
        const row = await userRow(tx, session.user_id);
        if (!row) throw refuse("credentials_wrong");
        const refreshToken = await tokens.openFamily(tx, session.id);
        await audit(tx, actorFrom(row), "user.sign_in", row.id, {
          after: { by: "api" },
          origin: ctx.request.ip,
        });
        return { row, sessionId: session.id, refreshToken };
      });
      const signed = await tokens.sign(opened.row, opened.sessionId);
      return { ...signed, refreshToken: opened.refreshToken, user: userView(opened.row) };
    },

    /** Takes a refresh token and answers new tokens. */
    async refresh(ctx: Request, refreshToken: string): Promise<Signed> {
      // A second tab that refreshes before the first one has its answer is no thief: it is told to wait.
      if (refreshing.has(refreshToken)) throw refreshRefusal("busy");
      refreshing.add(refreshToken);
      try {
        return await refreshOnce(ctx, refreshToken);
      } finally {
        refreshing.delete(refreshToken);
      }
    },

    /** Ends the caller's session, whichever way they came, and clears the browser's cookie. */
    async signOut(ctx: Request): Promise<{ done: true }> {
      const caller = await identify(ctx.request.headers);
      const cleared = await auth.api.signOut({ headers: headersFor(ctx, true), returnHeaders: true });
      passCookies(cleared.headers, ctx);
      if (caller && caller.via !== "key")
        await ctx.transact(async (tx) => {
          await deleteSession(tx, caller.subjectId);
          await audit(tx, caller.actor, "user.sign_out", caller.actor.id, { origin: ctx.request.ip });
        });
      await access.refresh();
      return { done: true };
    },

    /** Who is signed in, with the cookie's life extended when it is a day old. */
    async me(ctx: Request & Pick<Context, "actor">): Promise<UserView | null> {
      if (!ctx.actor) return null;
      const row = await userRow(ctx.db, ctx.actor.id);
      if (!row) return null;
      if (ctx.request.headers.has("cookie") && !ctx.request.headers.has("authorization")) {
        const { headers } = await auth.api.getSession({
          headers: headersFor(ctx, true),
          returnHeaders: true,
        });
        passCookies(headers, ctx);
      }
      return userView(row);
    },
  };
};

export type SignIn = ReturnType<typeof createSignIn>;
