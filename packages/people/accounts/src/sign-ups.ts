import { defineJob, enqueue, type Handler, handle } from "@evx/jobs";
import { day_ms, idOf, newId } from "@evx/kernel";
import * as v from "valibot";
import type { Accounts } from "./accounts.ts";
import { linkTo } from "./auth.ts";
import { refuseCommon } from "./common-passwords.ts";
import { refuse } from "./errors.ts";
import { passCookies, type RequestContext } from "./exchange.ts";
import { hashOf, isPassword } from "./hashing.ts";
import { addressee, writeLetter } from "./letters.ts";
import { makeAccount, type NewPerson } from "./new-accounts.ts";
import { updateUser, userByEmail } from "./queries/users.ts";
import { chargeGuess, forgiveGuess, spendLetter } from "./rate-limits.ts";
import { localeName, roleName } from "./schema/names.ts";
import type { UserView } from "./schema.ts";
import { userView } from "./users.ts";

/*
 * Signing up where an address must be confirmed first. Nothing is stored of a person who has not answered the letter: its
 * link carries all they gave, sealed. Who opens it gives the password once more, so a link that somebody else asked
 * for makes no account for them.
 */

const Pending = v.object({
  id: idOf("user"),
  email: v.string(),
  fullName: v.string(),
  role: roleName,
  locale: localeName,
  hash: v.string(),
  /** After this moment the link is dead. */
  until: v.string(),
});

/** What the link of a sign-up is sealed for. */
const aLink = "sign-up";

/** Somebody wants an account for an address, which may have one. Both sealed: the row waits in a queue. */
const writeSignUp = defineJob(
  "identity.write_sign_up",
  v.object({ letter: idOf("event"), sealed: v.string() }),
);

/**
 * Asks for the letter whose link makes the account. A job writes it, so that the answer and its duration are the same for
 * an address that somebody has: its owner gets another letter. Refuses `password_common`, `letters_limited`.
 */
export const askToSignUp = async (
  ctx: RequestContext,
  accounts: Accounts,
  { password, ...person }: NewPerson,
): Promise<UserView> => {
  refuseCommon(password, person.email);
  const { ok, minutes } = await spendLetter(ctx.db, { ip: ctx.request.ip, email: person.email });
  if (!ok) throw refuse("letters_limited", { minutes });
  const hash = await hashOf(accounts.hashing, password);
  const id = newId("user");
  const letter = newId("event");
  const vault = await accounts.vault;
  const createdAt = await ctx.transact(async (tx) => {
    const until = new Date(tx.at.getTime() + day_ms).toISOString();
    const sealed = await vault.sealText(JSON.stringify({ ...person, id, hash, until }), letter);
    await enqueue(tx, writeSignUp, { letter, sealed });
    return tx.at;
  });
  return {
    ...person,
    id,
    phone: null,
    kycStatus: "none",
    accredited: false,
    emailVerified: false,
    twoFactorEnabled: false,
    suspendedAt: null,
    createdAt,
  };
};

const pendingIn = (text: string) => v.parse(v.pipe(v.string(), v.parseJson(), Pending), text);

/** Writes the letters that sign-ups ask for: the link, or to whoever has the address already, that they have. */
export const signUpHandler = (accounts: Accounts): Handler =>
  handle(writeSignUp, async (job, { letter, sealed }) => {
    const vault = await accounts.vault;
    const text = await vault.openText(sealed, letter);
    const { email, fullName: name, locale } = pendingIn(text);
    const token = await vault.sealText(text, aLink);
    await job.transact(async (tx) => {
      const known = await userByEmail(tx, email);
      if (known)
        await writeLetter(tx, accounts, {
          ...addressee(known),
          kind: "sign_up_known",
          link: `${accounts.settings.baseUrl}/forgot-password`,
        });
      else
        await writeLetter(tx, accounts, {
          ...{ kind: "confirm_sign_up", to: email, name, locale },
          link: linkTo(accounts.settings, "/confirm-sign-up", token),
        });
    });
  });

const opened = async (accounts: Accounts, token: string, now: Date) => {
  const text = await (await accounts.vault).openText(token, aLink).catch((cause: unknown) => {
    throw refuse("link_invalid", {}, { cause });
  });
  const pending = pendingIn(text);
  if (now > new Date(pending.until)) throw refuse("link_invalid");
  return pending;
};

/**
 * Makes the account of a sign-up by its letter's token and the password that was chosen then, and signs in. Refuses
 * `link_invalid` (also once the address has an account), `password_wrong`, `sign_in_limited`.
 */
export const confirmSignUp = async (
  ctx: RequestContext,
  accounts: Accounts,
  { token, password }: { token: string; password: string },
): Promise<UserView> => {
  const { id, hash, until: _, ...person } = await opened(accounts, token, accounts.clock.now());
  const attempt = { ip: ctx.request.ip, email: person.email };
  await chargeGuess(ctx.db, attempt, accounts.settings.signInFailures);
  if (!(await isPassword(accounts.hashing, password, hash))) throw refuse("password_wrong");
  await forgiveGuess(ctx.db, attempt);
  const made = await accounts.auth.prepared.run({ password, hash, userId: id }, () =>
    ctx.transact(async (tx) => {
      if (await userByEmail(tx, person.email)) throw refuse("link_invalid");
      const { cookies } = await makeAccount(
        tx,
        accounts,
        { ...person, password },
        { ctx, by: null, session: true },
      );
      return { cookies, user: await updateUser(tx, id, { email_verified: true }) };
    }),
  );
  passCookies(made.cookies, ctx);
  return userView(made.user);
};
