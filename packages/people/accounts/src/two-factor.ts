import { audit } from "@evx/audit";
import { catchUp } from "./access.ts";
import type { Accounts } from "./accounts.ts";
import { refuse } from "./errors.ts";
import { authCode, type MemberContext, passCookies, refusedAs } from "./exchange.ts";
import { addressee, writeLetter } from "./letters.ts";
import { withPassword } from "./proofs.ts";
import { userRow } from "./queries/users.ts";
import { chargeCode, forgiveCode, takeCode } from "./rate-limits.ts";
import { sessionHeaders } from "./session-headers.ts";

const refused = refusedAs({
  INVALID_PASSWORD: "password_wrong",
  INVALID_CODE: "two_factor_code_wrong",
  TOTP_ALREADY_ENABLED: "two_factor_on_already",
  TOTP_NOT_ENABLED: "two_factor_off_already",
  TWO_FACTOR_NOT_ENABLED: "two_factor_off_already",
});

/** A step of ours: its name in the trail, whether a letter tells of it, and better-auth's part under these headers. */
type Step<T> = { action: string; letter: boolean; run: (headers: Headers) => Promise<T> };

/** Does a step in one transaction with its trace and its letter. */
const change = async <T extends { headers: Headers }>(
  ctx: MemberContext,
  accounts: Accounts,
  { action, letter, run }: Step<T>,
): Promise<T> => {
  const headers = await sessionHeaders(ctx, accounts);
  const done = await ctx.transact(async (tx) => {
    const answer = await accounts.auth.within(tx, () => run(headers)).catch(refused);
    const row = await userRow(tx, ctx.actor.id);
    if (row && letter)
      await writeLetter(tx, accounts, { ...addressee(row), kind: "two_factor_changed", link: null });
    await audit(tx, ctx.actor, action, ctx.actor.id);
    return answer;
  });
  // better-auth gives the browser a new session with every such change. Somebody who came with a token signs in anew.
  if (ctx.request.headers.has("cookie")) passCookies(done.headers, ctx);
  await catchUp(accounts.access);
  return done;
};

/** Begins: the address for the authenticator (shown as a QR code) and ten recovery codes. Nothing holds until confirmed. */
export const beginTwoFactor = async (
  ctx: MemberContext,
  accounts: Accounts,
  password: string,
): Promise<{ uri: string; recoveryCodes: string[] }> => {
  const { response } = await withPassword(ctx, accounts, password, () =>
    change(ctx, accounts, {
      action: "two_factor.begin",
      letter: false,
      run: (headers) =>
        accounts.auth.api.enableTwoFactor({
          body: { password, method: "totp" },
          headers,
          returnHeaders: true,
        }),
    }),
  );
  if (response.method !== "totp")
    throw new Error("better-auth began another second factor than was asked for");
  return { uri: response.totpURI, recoveryCodes: response.backupCodes };
};

/** Stands for an account and a code without telling either. */
const codeDigest = async ({ vault }: Pick<Accounts, "vault">, email: string, code: string) => {
  const [digest] = await (await vault).digests(`code\n${email}\n${code}`);
  return digest.toHex();
};

/** Turns it on once the authenticator's digits are right. */
export const confirmTwoFactor = async (
  ctx: MemberContext,
  accounts: Accounts,
  code: string,
): Promise<{ done: true }> => {
  const row = await userRow(ctx.db, ctx.actor.id);
  if (row?.two_factor_enabled) throw refuse("two_factor_on_already");
  if (!row) throw refuse("user_not_found");
  await chargeCode(ctx.db, row.email);
  // Taken as a code of a sign-in is: whoever looked on cannot use it once more.
  if (!(await takeCode(ctx.db, await codeDigest(accounts, row.email, code.replace(/\s/g, "")))))
    throw refuse("two_factor_code_wrong");
  await change(ctx, accounts, {
    action: "two_factor.on",
    letter: true,
    run: (headers) => accounts.auth.api.verifyTOTP({ body: { code }, headers, returnHeaders: true }),
  });
  await forgiveCode(ctx.db, row.email);
  return { done: true };
};

/** Turns it off. */
export const disableTwoFactor = async (
  ctx: MemberContext,
  accounts: Accounts,
  password: string,
): Promise<{ done: true }> => {
  const row = await userRow(ctx.db, ctx.actor.id);
  if (!row?.two_factor_enabled) throw refuse("two_factor_off_already");
  await withPassword(ctx, accounts, password, () =>
    change(ctx, accounts, {
      action: "two_factor.off",
      letter: true,
      run: (headers) =>
        accounts.auth.api.disableTwoFactor({ body: { password }, headers, returnHeaders: true }),
    }),
  );
  return { done: true };
};

/** Ten new recovery codes; the old ones stop working. */
export const newRecoveryCodes = async (
  ctx: MemberContext,
  accounts: Accounts,
  password: string,
): Promise<{ recoveryCodes: string[] }> => {
  const { response } = await withPassword(ctx, accounts, password, () =>
    change(ctx, accounts, {
      action: "two_factor.new_recovery_codes",
      letter: true,
      run: (headers) =>
        accounts.auth.api.generateBackupCodes({ body: { password }, headers, returnHeaders: true }),
    }),
  );
  return { recoveryCodes: response.backupCodes };
};

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
  accounts: Accounts,
  { first, base, code, email }: { first: Headers; base: Headers; code: string | undefined; email: string },
): Promise<{ headers: Headers; token: string; userId: string }> => {
  if (!code) throw refuse("two_factor_required");
  const { auth, db } = accounts;
  const headers = new Headers(base);
  headers.set("cookie", cookieHeader(first));
  const typed = code.replace(/\s/g, "");
  await chargeCode(db, email);
  if (!(await takeCode(db, await codeDigest(accounts, email, typed)))) throw refuse("two_factor_wrong");
  const step = /^\d{6}$/.test(typed)
    ? auth.api.verifyTOTP({ body: { code: typed }, headers, returnHeaders: true })
    : auth.api.verifyBackupCode({ body: { code: typed }, headers, returnHeaders: true });
  const { headers: cookies, response } = await step.catch((error: unknown) => {
    throw authCode(error) ? refuse("two_factor_wrong", {}, { cause: error }) : error;
  });
  if (!response.token) throw refuse("two_factor_wrong");
  await forgiveCode(db, email);
  return { headers: cookies, token: response.token, userId: response.user.id };
};
