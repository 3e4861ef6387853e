import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import type { Locale } from "@evx/kernel";
import type { Actor, Context, Role } from "@evx/rpc";
import type * as v from "valibot";
import type { Accounts } from "./accounts.ts";
import { withHash, writeInvitation, writeVerification } from "./auth.ts";
import { refuseCommon } from "./common-passwords.ts";
import { refuse } from "./errors.ts";
import { userRegistered } from "./events.ts";
import { authCode, headersFor, ourId, passCookies, type RequestContext } from "./exchange.ts";
import { deleteSession, sessionByToken } from "./queries/sessions.ts";
import { type UserRow, userRow } from "./queries/users.ts";
import type { CreateUser, UserView } from "./schema.ts";
import { actorFrom, userView } from "./users.ts";

export type NewPerson = { email: string; password: string; fullName: string; role: Role; locale: Locale };

type RegisterInput = Omit<NewPerson, "locale"> & { locale?: Locale | undefined };

/** Who makes the account (null: the person themselves), and what they get beside it. */
type RegisterOptions = { by: Actor | null; session: boolean; invite?: boolean };

const emailTakenCodes = new Set([
  "USER_ALREADY_EXISTS",
  "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
  // The address was taken between the look and the insert.
  "FAILED_TO_CREATE_USER",
]);

/** better-auth's part: the person, their password and a session, which is ended again unless it is wanted. */
const storePerson = async (
  tx: Tx,
  { auth }: Accounts,
  { email, password, fullName: name, role, locale }: NewPerson,
  { headers, session }: { headers: Headers; session: boolean },
): Promise<{ user: UserRow; cookies: Headers }> => {
  const body = { email, password, name, role, locale };
  const made = await auth
    .within(tx, () => auth.api.signUpEmail({ body, headers, returnHeaders: true }))
    .catch((error: unknown) => {
      throw emailTakenCodes.has(authCode(error) ?? "") ? refuse("email_taken", {}, { cause: error }) : error;
    });
  const { token } = made.response;
  const opened = !session && token ? await sessionByToken(tx, token) : undefined;
  if (opened) await deleteSession(tx, opened.id);
  const user = await userRow(tx, ourId("user", made.response.user.id));
  if (!user) throw new Error("A person who was just stored is not there");
  return { user, cookies: made.headers };
};

/**
 * Stores a person with their password, the event and the trace: all or nothing. Two who register one address at
 * once: one gets it, the other `email_taken`. Answers the session's cookies, which are dropped unless wanted.
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
      const stored = await storePerson(tx, accounts, person, { headers: headersFor(ctx), session });
      const { user } = stored;
      if (!by) await writeVerification(tx, accounts, user);
      if (invite) await writeInvitation(tx, accounts, user);
      await emit(tx, userRegistered, {
        userId: user.id,
        role: user.role,
        locale: user.locale,
        by: by?.id ?? null,
      });
      await audit(tx, by ?? actorFrom(user), "user.register", user.id, { after: { role: user.role } });
      return stored;
    }),
  );
};

/** Creates an account and no session. */
export const registerOnly = async (
  ctx: RequestContext,
  accounts: Accounts,
  input: RegisterInput,
): Promise<UserView> => {
  const person = { ...input, locale: input.locale ?? ctx.locale };
  const { user } = await register(ctx, accounts, person, { by: null, session: false });
  return userView(user);
};

/** Creates an account and signs in, for the web: the session's cookie is set on the answer. */
export const signUp = async (
  ctx: RequestContext,
  accounts: Accounts,
  input: RegisterInput,
): Promise<UserView> => {
  const person = { ...input, locale: input.locale ?? ctx.locale };
  const { user, cookies } = await register(ctx, accounts, person, { by: null, session: true });
  passCookies(cookies, ctx);
  return userView(user);
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
