import type { Actor, Context } from "@evx/rpc";
import type { Access } from "./access.ts";
import { audit } from "./audit.ts";
import type { Auth } from "./auth.ts";
import type { Caller } from "./authenticate.ts";
import { refuse } from "./errors.ts";
import { authCode, passCookies, type Request } from "./exchange.ts";
import { type Letters, receiver } from "./letters.ts";
import { userRow } from "./queries/users.ts";
import type { SessionHeaders } from "./session-headers.ts";

type MemberRequest = Request & Pick<Context, "db"> & { actor: Actor };

const refusals: Record<string, Parameters<typeof refuse>[0]> = {
  INVALID_PASSWORD: "password_wrong",
  INVALID_CODE: "two_factor_code_wrong",
  TOTP_ALREADY_ENABLED: "two_factor_on_already",
  TOTP_NOT_ENABLED: "two_factor_off_already",
  TWO_FACTOR_NOT_ENABLED: "two_factor_off_already",
};

const refused = (error: unknown) => {
  const code = refusals[authCode(error) ?? ""];
  throw code ? refuse(code, {}, { cause: error }) : error;
};

/** Two-step sign-in: an authenticator app's six digits (TOTP) beside the password, and recovery codes for a lost phone. */
export const createTwoFactor = (
  { auth, within }: Auth,
  letters: Letters,
  access: Access,
  identify: (headers: Headers) => Promise<Caller | null>,
  sessionHeaders: SessionHeaders,
) => {
  const ownHeaders = async (ctx: Request) => sessionHeaders(ctx, await identify(ctx.request.headers));

  /** Does a step in one transaction with its trace and the letter that tells of it. */
  const change = async <T extends { headers: Headers }>(
    ctx: MemberRequest,
    action: string,
    step: (headers: Headers) => Promise<T>,
    { tell }: { tell: boolean },
  ): Promise<T> => {
    const headers = await ownHeaders(ctx);
    const done = await ctx.transact(async (tx) => {
      const answer = await within(tx, () => step(headers)).catch(refused);
      const row = await userRow(tx, ctx.actor.id);
      if (row && tell)
        await letters.write(tx, {
          ...receiver({ email: row.email, name: row.full_name, locale: row.locale }),
          kind: "two_factor_changed",
          link: null,
        });
      await audit(tx, ctx.actor, action, ctx.actor.id, { origin: ctx.request.ip });
      return answer;
    });
    // better-auth gives the browser a new session with every such change. Somebody who came with a token signs in anew.
    if (ctx.request.headers.has("cookie")) passCookies(done.headers, ctx);
    await access.refresh();
    return done;
  };

  return {
    /** Begins: the address for the authenticator (shown as a QR code) and ten recovery codes. Nothing holds until `confirm`. */
    async begin(ctx: MemberRequest, password: string): Promise<{ uri: string; recoveryCodes: string[] }> {
      const { response } = await change(
        ctx,
        "two_factor.begin",
        (headers) =>
          auth.api.enableTwoFactor({ body: { password, method: "totp" }, headers, returnHeaders: true }),
        { tell: false },
      );
      if (response.method !== "totp")
        throw new Error("better-auth began another second factor than was asked for");
      return { uri: response.totpURI, recoveryCodes: response.backupCodes };
    },

    /** Turns it on once the authenticator's digits are right. */
    async confirm(ctx: MemberRequest, code: string): Promise<{ done: true }> {
      const row = await userRow(ctx.db, ctx.actor.id);
      if (row?.two_factor_enabled) throw refuse("two_factor_on_already");
      await change(
        ctx,
        "two_factor.on",
        (headers) => auth.api.verifyTOTP({ body: { code }, headers, returnHeaders: true }),
        { tell: true },
      );
      return { done: true };
    },

    /** Turns it off. */
    async disable(ctx: MemberRequest, password: string): Promise<{ done: true }> {
      const row = await userRow(ctx.db, ctx.actor.id);
      if (!row?.two_factor_enabled) throw refuse("two_factor_off_already");
      await change(
        ctx,
        "two_factor.off",
        (headers) => auth.api.disableTwoFactor({ body: { password }, headers, returnHeaders: true }),
        { tell: true },
      );
      return { done: true };
    },

    /** Ten new recovery codes; the old ones stop working. */
    async recoveryCodes(ctx: MemberRequest, password: string): Promise<{ recoveryCodes: string[] }> {
      const { response } = await change(
        ctx,
        "two_factor.new_recovery_codes",
        (headers) => auth.api.generateBackupCodes({ body: { password }, headers, returnHeaders: true }),
        { tell: true },
      );
      return { recoveryCodes: response.backupCodes };
    },
  };
};

export type TwoFactor = ReturnType<typeof createTwoFactor>;

/** Cookies of an answer as a request's Cookie header. */
const cookieHeader = (from: Headers): string =>
  from
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0] ?? "")
    .filter((pair) => !pair.endsWith("="))
    .join("; ");

/**
 * The second step of signing in, in the same call as the first: better-auth's pending sign-in lives in the cookies that
 * the first step answered. Six digits are the authenticator's, anything else is a recovery code, which works once.
 */
export const secondStep = async (
  { auth }: Pick<Auth, "auth">,
  first: Headers,
  base: Headers,
  code: string | undefined,
): Promise<{ headers: Headers; token: string; userId: string }> => {
  if (!code) throw refuse("two_factor_required");
  const headers = new Headers(base);
  headers.set("cookie", cookieHeader(first));
  const typed = code.replace(/\s/g, "");
  const step = /^\d{6}$/.test(typed)
    ? auth.api.verifyTOTP({ body: { code: typed }, headers, returnHeaders: true })
    : auth.api.verifyBackupCode({ body: { code: typed }, headers, returnHeaders: true });
  const { headers: cookies, response } = await step.catch((error: unknown) => {
    throw authCode(error) ? refuse("two_factor_wrong", {}, { cause: error }) : error;
  });
  if (!response.token) throw refuse("two_factor_wrong");
  return { headers: cookies, token: response.token, userId: response.user.id };
};
