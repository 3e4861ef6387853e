import type { Actor, Context } from "@evx/rpc";
import type * as v from "valibot";
import type { Accounts } from "./accounts.ts";
import { withHash, writeInvitation, writeVerification } from "./auth.ts";
import { refuseCommon } from "./common-passwords.ts";
import { passCookies, type RequestContext } from "./exchange.ts";
import { makeAccount, type NewPerson } from "./new-accounts.ts";
import type { UserRow } from "./queries/users.ts";
import type { CreateUser, UserView } from "./schema.ts";
import { askToSignUp } from "./sign-ups.ts";
import { userView } from "./users.ts";

type RegisterInput = Omit<NewPerson, "locale"> & { locale?: NewPerson["locale"] | undefined };

/** Who makes the account (null: the person themselves), and what they get beside it. */
type RegisterOptions = { by: Actor | null; session: boolean; invite?: boolean };

/**
 * Makes an account and writes its letter: all or nothing. Answers the session's cookies, which are dropped unless wanted.
 * Refuses `password_common`, `email_taken`.
 */
export const register = (
  ctx: Pick<Context, "request" | "transact">,
  accounts: Accounts,
  person: NewPerson,
  { by, session, invite = false }: RegisterOptions,
): Promise<{ user: UserRow; cookies: Headers }> => {
  refuseCommon(person.password, person.email);
  return withHash(accounts, person.password, () =>
    ctx.transact(async (tx) => {
      const made = await makeAccount(tx, accounts, person, { ctx, by, session });
      if (!by) await writeVerification(tx, accounts, made.user);
      if (invite) await writeInvitation(tx, accounts, made.user);
      return made;
    }),
  );
};

/**
 * Creates an account and no session. Where addresses must be confirmed first it creates nothing yet, answers the account that
 * the letter's link will make, and the same for an address that somebody has.
 */
export const registerOnly = async (
  ctx: RequestContext,
  accounts: Accounts,
  input: RegisterInput,
): Promise<UserView> => {
  const person = { ...input, locale: input.locale ?? ctx.locale };
  if (accounts.settings.requireVerifiedEmail) return askToSignUp(ctx, accounts, person);
  const { user } = await register(ctx, accounts, person, { by: null, session: false });
  return userView(user);
};

/** Creates an account and signs in, for the web: the session's cookie is set on the answer. Or asks to `confirm` first. */
export const signUp = async (
  ctx: RequestContext,
  accounts: Accounts,
  input: RegisterInput,
): Promise<{ user: UserView; confirm: boolean }> => {
  const person = { ...input, locale: input.locale ?? ctx.locale };
  if (accounts.settings.requireVerifiedEmail)
    return { user: await askToSignUp(ctx, accounts, person), confirm: true };
  const { user, cookies } = await register(ctx, accounts, person, { by: null, session: true });
  passCookies(cookies, ctx);
  return { user: userView(user), confirm: false };
};

/**
 * Makes an account of any role for somebody. Without a password nobody knows the one it gets, and the person sets
 * their own by the link in the letter.
 */
export const createUser = async (
  ctx: Pick<Context, "request" | "transact">,
  accounts: Accounts,
  operator: Actor<"admin">,
  input: v.InferOutput<typeof CreateUser>,
): Promise<UserView> => {
  const password =
    input.password ?? Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  const person = { ...input, password, locale: input.locale ?? "en" };
  const options = { by: operator, session: false, invite: !input.password };
  const { user } = await register(ctx, accounts, person, options);
  return userView(user);
};
