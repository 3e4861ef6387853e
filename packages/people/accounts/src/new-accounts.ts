import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import type { Locale } from "@evx/kernel";
import type { Actor, Context, Role } from "@evx/rpc";
import type { Accounts } from "./accounts.ts";
import { noteDevice } from "./devices.ts";
import { refuse } from "./errors.ts";
import { userRegistered } from "./events.ts";
import { authCode, headersFor, ourId } from "./exchange.ts";
import { deleteSession, sessionByToken } from "./queries/sessions.ts";
import { giveRole, type UserRow, userRow } from "./queries/users.ts";
import { actorFrom } from "./users.ts";

export type NewPerson = { email: string; password: string; fullName: string; role: Role; locale: Locale };

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
 * Stores a person with their password, the event and the trace; `by` is who makes the account, null for the person
 * themselves. Of two who store one address at once, one gets it, the other `email_taken`. Answers the session's cookies.
 * Run it within `withHash`: hashing must not hold the transaction open.
 */
export const makeAccount = async (
  tx: Tx,
  accounts: Accounts,
  person: NewPerson,
  { ctx, by, session }: { ctx: Pick<Context, "request">; by: Actor | null; session: boolean },
): Promise<{ user: UserRow; cookies: Headers }> => {
  // An administrator begins as somebody without rights, and is made one by whoever may.
  const begun = { ...person, role: person.role === "admin" ? ("buyer" as const) : person.role };
  const stored = await storePerson(tx, accounts, begun, { headers: headersFor(ctx), session });
  const user =
    person.role === "admin"
      ? await giveRole(tx, { by: by?.id ?? null, id: stored.user.id, role: "admin" })
      : stored.user;
  await emit(tx, userRegistered, {
    userId: user.id,
    role: user.role,
    locale: user.locale,
    by: by?.id ?? null,
  });
  await audit(tx, by ?? actorFrom(user), "user.register", user.id, { after: { role: user.role } });
  if (session) stored.cookies.append("set-cookie", await noteDevice(tx, ctx, accounts.settings, user.id));
  return { user, cookies: stored.cookies };
};
