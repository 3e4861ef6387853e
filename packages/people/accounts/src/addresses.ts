import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import { isId } from "@evx/kernel";
import { catchUp } from "./access.ts";
import type { Accounts } from "./accounts.ts";
import { writeChangeOfAddress, writeVerification } from "./auth.ts";
import { refuseCommon } from "./common-passwords.ts";
import { refuse } from "./errors.ts";
import { authCode, headersFor, type MemberContext, type RequestContext } from "./exchange.ts";
import { addressee, writeLetter } from "./letters.ts";
import { withPassword } from "./proofs.ts";
import { linksFrom, outdateLinks } from "./queries/credentials.ts";
import { type UserRow, updateUser, userRow } from "./queries/users.ts";
import { spendLetter } from "./rate-limits.ts";
import { sessionHeaders } from "./session-headers.ts";
import { actorFrom } from "./users.ts";

/** Sends the letter that confirms an address once more. */
export const sendVerification = async (ctx: MemberContext, accounts: Accounts): Promise<{ done: true }> => {
  const row = await userRow(ctx.db, ctx.actor.id);
  if (!row) throw refuse("user_not_found");
  if (row.email_verified) throw refuse("email_verified_already");
  const { ok, minutes } = await spendLetter(ctx.db, { ip: ctx.request.ip, email: row.email });
  if (!ok) throw refuse("letters_limited", { minutes });
  await ctx.transact((tx) => writeVerification(tx, accounts, row));
  return { done: true };
};

type Step = "done" | "new_address";

/** Confirms an address, or a step of changing it, by the token of a letter. */
export const verifyEmail = async (
  ctx: RequestContext,
  accounts: Accounts,
  token: string,
): Promise<{ done: true; next: Step }> => {
  const next = await ctx.transact(async (tx) => {
    const subject = subjectOf(token);
    const before = subject ? await userRow(tx, subject) : undefined;
    if (before && (await isOutdated(tx, before.id, token))) throw refuse("link_invalid");
    await spendToken(ctx, tx, accounts, token);
    const after = before && (await userRow(tx, before.id));
    if (!before || !after) return "done";
    return (await noteConfirmation(tx, accounts, before, after)) ? "done" : stepOf(token);
  });
  await catchUp(accounts.access);
  return { done: true, next };
};

/** Whether a letter was written before the last new password or address; its token tells whole seconds. */
const isOutdated = async (tx: Tx, userId: UserRow["id"], token: string): Promise<boolean> => {
  const from = await linksFrom(tx, userId);
  const { iat } = claimsOf(token);
  return from !== undefined && !(typeof iat === "number" && iat >= Math.floor(from.getTime() / 1000));
};

const spendToken = async (ctx: RequestContext, tx: Tx, { auth }: Accounts, token: string): Promise<void> => {
  await auth
    .within(tx, () => auth.api.verifyEmail({ query: { token }, headers: headersFor(ctx) }))
    .catch((error: unknown) => {
      if (isTaken(error)) throw refuse("email_taken", {}, { cause: error });
      throw authCode(error) ? refuse("link_invalid", {}, { cause: error }) : error;
    });
};

/** Leaves the trace of what a token has changed; answers whether it has changed anything. */
const noteConfirmation = async (
  tx: Tx,
  accounts: Accounts,
  before: UserRow,
  after: UserRow,
): Promise<boolean> => {
  if (after.email !== before.email) {
    // Who reads mail at the new address has proven it, whatever the old one was.
    if (!after.email_verified) await updateUser(tx, after.id, { email_verified: true });
    // Reset links in the mailbox that was left behind are dead.
    await outdateLinks(tx, after.id);
    await writeLetter(tx, accounts, { ...addressee(before), kind: "email_changed", link: null });
    await audit(tx, actorFrom(after), "user.change_email", after.id);
    return true;
  }
  if (!after.email_verified || before.email_verified) return false;
  await audit(tx, actorFrom(after), "user.verify_email", after.id);
  return true;
};

/**
 * Begins a change of address: a confirmed one must agree first, then the new one must confirm. The answer is the
 * same whether somebody has the new address or not, and so are the letters that the person sees. Refuses
 * `password_common` where the new address is the password.
 */
export const changeEmail = async (
  ctx: MemberContext,
  accounts: Accounts,
  { email, password }: { email: string; password: string },
): Promise<{ done: true }> => {
  await sessionHeaders(ctx, accounts);
  const row = await userRow(ctx.db, ctx.actor.id);
  if (!row) throw refuse("user_not_found");
  if (row.email === email) throw refuse("email_unchanged");
  const { ok, minutes } = await spendLetter(ctx.db, { ip: ctx.request.ip, email: row.email });
  if (!ok) throw refuse("letters_limited", { minutes });
  await withPassword(ctx, accounts, password, () => {
    refuseCommon(password, email);
    return ctx.transact(async (tx) => {
      await writeChangeOfAddress(tx, accounts, { row, email });
      await audit(tx, ctx.actor, "user.ask_change_email", ctx.actor.id);
    });
  });
  return { done: true };
};

type LetterClaims = { userId?: unknown; requestType?: unknown; iat?: unknown };

/** What a letter's token says of itself, unchecked: only better-auth decides whether it is good. */
const claimsOf = (token: string): LetterClaims => {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return typeof claims === "object" && claims !== null ? claims : {};
  } catch {
    return {};
  }
};

const subjectOf = (token: string) => {
  const { userId } = claimsOf(token);
  return typeof userId === "string" && isId("user", userId) ? userId : null;
};

const stepOf = (token: string): Step =>
  claimsOf(token).requestType === "change-email-confirmation" ? "new_address" : "done";

/** Postgres' unique_violation: somebody took the address since the letter was written. */
const isTaken = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "23505";
