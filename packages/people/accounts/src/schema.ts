import { idOf, idOut, momentOut, pageEntries, pageOf, textOf } from "@evx/kernel";
import * as v from "valibot";
import { kycStatus, localeName, openRole, roleName } from "./schema/names.ts";
import { choosePublicName } from "./schema/public-names.ts";

export * from "./schema/names.ts";
export {
  PublicName,
  PublicNameAnswer,
  type PublicNameView,
  publicKind,
} from "./schema/public-names.ts";

/** By what two accounts are known to be one person's. */
export const markKinds = ["bank", "identity", "device", "card"] as const;
export type MarkKind = (typeof markKinds)[number];

/** An e-mail address: trimmed, lower case, at most 254 characters. */
export const emailAddress = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.maxLength(254, "At most 254 characters."),
  v.email("Enter an email address, such as name@example.com."),
);

/** A new password: 8 to 128 characters. Nothing is trimmed; any characters count. */
export const newPassword = v.pipe(
  v.string(),
  v.minLength(8, "Needs at least 8 characters."),
  v.maxLength(128, "At most 128 characters."),
);

/** A password that is only compared. */
export const givenPassword = v.pipe(
  v.string(),
  v.minLength(1, "Must not be empty."),
  v.maxLength(128, "At most 128 characters."),
);

/** A person's name: letters of any script; no line breaks, none of the characters that mark up HTML. */
export const fullName = v.pipe(
  textOf(120),
  v.check((text) => !/[<>\n\r\t]/.test(text), "Enter the name without < > and line breaks."),
  // Names stand in letters that others receive: nobody sends strangers a link of theirs through us.
  v.check((text) => !/:\/\/|www\.|\S\.[a-z]{2,}\//i.test(text), "Enter the name without web addresses."),
);

export const ChoosePublicName = choosePublicName(fullName);

export const phone = v.pipe(
  v.string(),
  v.trim(),
  v.regex(/^\+?[0-9][0-9 ().-]{4,30}$/, "Enter the phone number with digits, such as +84 90 123 45 67."),
);

/** A person as they and an operator see them. */
export const User = v.object({
  id: idOut("user"),
  email: v.string(),
  fullName: v.string(),
  role: roleName,
  phone: v.nullable(v.string()),
  kycStatus,
  accredited: v.boolean(),
  emailVerified: v.boolean(),
  twoFactorEnabled: v.boolean(),
  locale: localeName,
  suspendedAt: v.nullable(momentOut),
  createdAt: momentOut,
});

/** What verbs answer; `User` turns its moments into text on the way out. */
export type UserView = v.InferInput<typeof User>;

export const UserAnswer = v.object({ user: User });

export const Register = v.object({
  email: emailAddress,
  password: newPassword,
  fullName,
  role: openRole,
  locale: v.optional(localeName),
});

/** `confirm`: nothing was made yet; the link in a letter to that address does it. */
export const SignedUp = v.object({ user: User, confirm: v.boolean() });

export const ConfirmSignUp = v.object({
  token: v.pipe(v.string(), v.minLength(8), v.maxLength(3_000)),
  /** As given when signing up: who reads the mailbox and who chose the password are one person. */
  password: givenPassword,
});

/** What a person registered with signs them in as it is: fields beyond these are left alone. */
export const Login = v.looseObject({
  email: emailAddress,
  password: givenPassword,
  /** Six digits of the authenticator, or a recovery code, where two-factor is on. */
  code: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(32))),
});

export const Refresh = v.object({ refreshToken: v.pipe(v.string(), v.minLength(20), v.maxLength(200)) });

/** The answer of login and refresh. `expiresAt` is the access token's. */
export const Tokens = v.object({
  token: v.string(),
  refreshToken: v.string(),
  expiresAt: momentOut,
  user: User,
});

export const UpdateProfile = v.object({
  fullName: v.optional(fullName),
  phone: v.optional(v.nullable(phone)),
  locale: v.optional(localeName),
});

export const UserId = v.object({ id: idOf("user") });

export const Empty = v.object({});

export const Done = v.object({ done: v.literal(true) });

/** Who is signed in: answered to the web app on load. */
export const Me = v.object({ user: v.nullable(User) });

const flag = v.pipe(
  v.union([v.boolean(), v.picklist(["true", "false"])]),
  v.transform((value) => value === true || value === "true"),
);

export const SearchUsers = v.object({
  ...pageEntries,
  q: v.optional(textOf(120, 0)),
  role: v.optional(roleName),
  status: v.optional(v.picklist(["active", "suspended"])),
  kycStatus: v.optional(kycStatus),
  accredited: v.optional(flag),
});

export const UserPage = pageOf(User);

export const UserCounts = v.object({
  items: v.array(
    v.object({ role: roleName, people: v.number(), suspended: v.number(), kycWaiting: v.number() }),
  ),
});

export const CreateUser = v.object({
  email: emailAddress,
  fullName,
  role: roleName,
  /** Without one, the person sets it through the link in the e-mail. */
  password: v.optional(newPassword),
  locale: v.optional(localeName),
});

export const reason = textOf(500, 3);

export const Suspend = v.object({ id: idOf("user"), reason });

export const ChangeRole = v.object({ id: idOf("user"), role: roleName });

export const Accredit = v.object({ id: idOf("user"), accredited: v.boolean() });

export const SignedOut = v.object({ sessions: v.number() });

const letterToken = v.pipe(v.string(), v.minLength(8), v.maxLength(2_000));

export const LetterToken = v.object({ token: letterToken });

/** `new_address`: the old address has agreed, and a letter went to the new one. */
export const EmailVerified = v.object({ done: v.literal(true), next: v.picklist(["done", "new_address"]) });

export const AskReset = v.object({ email: emailAddress });

export const ResetPassword = v.object({ token: letterToken, password: newPassword });

export const ChangePassword = v.object({ currentPassword: givenPassword, newPassword });

export const ChangeEmail = v.object({ email: emailAddress, password: givenPassword });

export const Session = v.object({
  id: idOut("session"),
  kind: v.picklist(["web", "api"]),
  current: v.boolean(),
  ip: v.nullable(v.string()),
  userAgent: v.nullable(v.string()),
  createdAt: momentOut,
  lastUsedAt: momentOut,
  expiresAt: momentOut,
});

export const Sessions = v.object({ items: v.array(Session) });

export const SessionId = v.object({ id: idOf("session") });

export const EndSessions = v.object({ alsoThis: v.optional(v.boolean(), false) });

export const GivenPassword = v.object({ password: givenPassword });

export const TwoFactorCode = v.object({
  code: v.pipe(
    v.string(),
    v.transform((text) => text.replace(/\s/g, "")),
    v.regex(/^\d{6}$/, "Enter the six digits."),
  ),
});

/** `uri` is what the authenticator scans; the recovery codes are shown this once. */
export const TwoFactorSetup = v.object({ uri: v.string(), recoveryCodes: v.array(v.string()) });

export const RecoveryCodes = v.object({ recoveryCodes: v.array(v.string()) });

/** The rooms of the product, as scopes name them; `*` is all of them. */
export const scopeRooms = [
  "*",
  "connections",
  "credits",
  "driving",
  "find",
  "fleet",
  "identity",
  "imports",
  "invoices",
  "jobs",
  "marketplace",
  "notifications",
  "payments",
  "pricing",
  "reconciliation",
  "reports",
  "rules",
  "vehicles",
  "venue",
  "verification",
] as const;

export const scope = v.pipe(
  v.string(),
  v.check((text) => {
    const [room, right, ...more] = text.split(":");
    return (
      more.length === 0 &&
      scopeRooms.some((known) => known === room) &&
      (right === "read" || right === "write")
    );
  }, "Enter a scope as room:read or room:write, such as vehicles:write, or *:read."),
);

export const CreateApiKey = v.object({
  name: textOf(60),
  /** Where the last proof is older than ten minutes. */
  password: v.optional(givenPassword),
  scopes: v.pipe(v.array(scope), v.minLength(1, "Choose at least one."), v.maxLength(20)),
  expiresInDays: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1, "At least 1."), v.maxValue(365, "At most 365.")),
    90,
  ),
});

export const ApiKey = v.object({
  id: idOut("apikey"),
  name: v.string(),
  /** The first characters, to recognise it by. */
  start: v.string(),
  scopes: v.array(v.string()),
  createdAt: momentOut,
  expiresAt: v.nullable(momentOut),
  lastUsedAt: v.nullable(momentOut),
});

export const ApiKeys = v.object({ items: v.array(ApiKey) });

export const NewApiKey = v.object({ key: v.string(), apiKey: ApiKey });

export const KeyOfUser = v.object({ userId: idOf("user"), id: idOf("apikey") });

export const ApiKeyId = v.object({ id: idOf("apikey") });
