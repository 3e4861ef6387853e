import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import { defineJob, enqueue, type Handler, handle } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import * as v from "valibot";
import { catchUpEverywhere } from "./access.ts";
import type { Accounts } from "./accounts.ts";
import { withHash } from "./auth.ts";
import { identify, sessionOf } from "./authenticate.ts";
import { refuseCommon } from "./common-passwords.ts";
import { refuse } from "./errors.ts";
import { headersFor, type MemberContext, type RequestContext, refusedAs } from "./exchange.ts";
import { addressee, writeLetter } from "./letters.ts";
import { resetSubject } from "./link-digests.ts";
import { withPassword } from "./proofs.ts";
import { deleteVerifications, dropTwoFactor, outdateLinks } from "./queries/credentials.ts";
import { deleteKeysOf } from "./queries/keys.ts";
import { forgetPlaces } from "./queries/places.ts";
import { deleteSessionsOf } from "./queries/sessions.ts";
import { updateUser, userByEmail, userRow } from "./queries/users.ts";
import { spendLetter } from "./rate-limits.ts";
import { sessionHeaders } from "./session-headers.ts";
import { actorFrom } from "./users.ts";

/** Somebody asked for a new password for an address, which may be nobody's. */
const writeReset = defineJob("identity.write_reset", v.object({ email: v.string() }));

/**
 * Asks for a letter with which a new password can be set. A job writes it, so that the answer and its duration are
 * the same for addresses that nobody has.
 */
export const requestPasswordReset = async (ctx: RequestContext, email: string): Promise<{ done: true }> => {
  const { ok } = await spendLetter(ctx.db, { ip: ctx.request.ip, email });
  if (ok) await ctx.transact((tx) => enqueue(tx, writeReset, { email }));
  return { done: true };
};

/** Writes the letters that `requestPasswordReset` asked for. */
export const resetHandler = ({ auth }: Accounts): Handler =>
  handle(writeReset, (job, { email }) =>
    job.transact(async (tx) => {
      // A new link takes the place of the one before.
      const known = await userByEmail(tx, email);
      if (known) await deleteVerifications(tx, known.id);
      await auth.within(tx, () => auth.api.requestPasswordReset({ body: { email } }));
    }),
  );

/** Ends everything by which somebody may still come who knew the old password: sessions but one, keys, links. */
const endOldWaysIn = async (tx: Tx, userId: Id<"user">, keep?: Id<"session">) => {
  await deleteSessionsOf(tx, userId, keep);
  const keysEnded = await deleteKeysOf(tx, userId);
  await outdateLinks(tx, userId);
  return { keysEnded };
};

/**
 * Sets a new password by the token of a letter and ends every session, key and older link. The address is proven by it as
 * well. Refuses `link_invalid`, and `password_common` without using the link up.
 */
export const resetPassword = async (
  ctx: RequestContext,
  accounts: Accounts,
  { token, password }: { token: string; password: string },
): Promise<{ done: true }> => {
  const { auth, settings } = accounts;
  const body = { token, newPassword: password };
  refuseCommon(password, undefined);
  await withHash(accounts, password, () =>
    ctx.transact(async (tx) => {
      const userId = await resetSubject(tx, settings.secret, token);
      const before = userId && (await userRow(tx, userId));
      if (!before) throw refuse("link_invalid");
      refuseCommon(password, before.email);
      await auth
        .within(tx, () => auth.api.resetPassword({ body, headers: headersFor(ctx) }))
        .catch(refusedAs({ INVALID_TOKEN: "link_invalid", USER_NOT_FOUND: "link_invalid" }));
      // Whoever registered an address that was not theirs has left nothing behind in the hands of its owner.
      if (!before.email_verified) await dropTwoFactor(tx, before.id);
      await forgetPlaces(tx, before.id);
      const ended = await endOldWaysIn(tx, before.id);
      const row = await updateUser(tx, before.id, { email_verified: true });
      await writeLetter(tx, accounts, { ...addressee(row), kind: "password_changed", link: null });
      await audit(tx, actorFrom(row), "user.reset_password", row.id, { after: ended });
    }),
  );
  await catchUpEverywhere(accounts.access);
  return { done: true };
};

/** Changes the password of a signed-in person and ends their other sessions, their API keys and links in old letters. */
export const changePassword = async (
  ctx: MemberContext,
  accounts: Accounts,
  input: { currentPassword: string; newPassword: string },
): Promise<{ done: true }> => {
  const { auth } = accounts;
  const headers = await sessionHeaders(ctx, accounts);
  refuseCommon(input.newPassword, (await userRow(ctx.db, ctx.actor.id))?.email);
  const current = sessionOf(await identify(accounts, ctx.request.headers));
  const body = { ...input, revokeOtherSessions: false };
  const change = () =>
    ctx.transact(async (tx) => {
      await auth
        .within(tx, () => auth.api.changePassword({ body, headers }))
        .catch(refusedAs({ INVALID_PASSWORD: "password_wrong" }));
      const ended = await endOldWaysIn(tx, ctx.actor.id, current);
      const row = await userRow(tx, ctx.actor.id);
      if (row) await writeLetter(tx, accounts, { ...addressee(row), kind: "password_changed", link: null });
      await audit(tx, ctx.actor, "user.change_password", ctx.actor.id, { after: ended });
    });
  await withPassword(ctx, accounts, input.currentPassword, () =>
    withHash(accounts, input.newPassword, change),
  );
  await catchUpEverywhere(accounts.access);
  return { done: true };
};
