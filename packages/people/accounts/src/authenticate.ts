import { isId, minute_ms } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { allow, type SubjectId } from "./access.ts";
import type { Accounts } from "./accounts.ts";
import { session_s } from "./auth.ts";
import { tokenIn } from "./cookies.ts";
import { digestOf, isOurKey, keyPrefix, scopesOf } from "./key-format.ts";
import type { AccountsSettings } from "./ports.ts";
import { useKey } from "./queries/keys.ts";
import { bearerOf } from "./queries/sessions.ts";
import { userRow } from "./queries/users.ts";
import { verifyToken } from "./tokens.ts";
import { type Credential, personFrom } from "./users.ts";

/** How many credentials a server remembers as checked, and for how long. */
const remembered = 20_000;
const remember_ms = 5 * minute_ms;

/** Who a request comes from, and by which session or API key. */
export type Caller = { actor: Actor; subjectId: SubjectId; via: "cookie" | "token" | "key" };

/** The session by which somebody came; undefined for an API key and for nobody. */
export const sessionOf = (caller: Caller | null) =>
  caller && isId("session", caller.subjectId) ? caller.subjectId : undefined;

/** The session cookie's name: with TLS its prefix makes browsers refuse it from a page without. */
export const cookieName = ({ baseUrl }: AccountsSettings): string =>
  `${baseUrl.startsWith("https://") ? "__Secure-" : ""}evx.session_token`;

/** A cookie of ours in a Cookie header: its value, still encoded. */
export const cookieValue = (header: string, name: string): string | null => {
  for (const part of header.split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
};

/** The session cookie that a browser sent, to be kept for another thirty days. */
export const cookieAgain = (settings: AccountsSettings, headers: Headers): string => {
  const name = cookieName(settings);
  const secure = settings.baseUrl.startsWith("https://") ? "; Secure" : "";
  const value = cookieValue(headers.get("cookie") ?? "", name) ?? "";
  return `${name}=${value}; Max-Age=${session_s}; Path=/; HttpOnly${secure}; SameSite=Lax`;
};

/**
 * Whether an Origin names the host that the request came to, under the venue's own scheme. A browser does not let a page
 * choose either.
 */
const isHost = (origin: string, host: string | null, baseUrl: string): boolean =>
  host !== null && URL.canParse(origin) && origin === `${new URL(baseUrl).protocol}//${host}`;

/**
 * A credential that was found good, and for how long the database says that it lasts. That is counted from here on a clock
 * that nobody sets: a machine whose own is wrong neither revives a session nor kills one.
 */
type Checked = { credential: Credential; left_ms: number };

/** A checked credential is remembered: a signature costs 0.1 ms and a session two queries, each time. */
const recall = async (
  { checked, clock }: Accounts,
  text: string,
  check: () => Promise<Checked | null>,
): Promise<Credential | null> => {
  const known = checked.get(text);
  if (known && known.until > performance.now()) {
    if (known.credential.expiresAt > clock.now().getTime()) return known.credential;
  }
  checked.delete(text);
  const asked = performance.now();
  const found = await check();
  if (!found) return null;
  const { credential, left_ms } = found;
  // The oldest goes first; Maps keep the order in which they were filled.
  const [oldest] = checked.keys();
  if (checked.size >= remembered && oldest !== undefined) checked.delete(oldest);
  checked.set(text, { credential, until: asked + Math.min(remember_ms, left_ms) });
  return credential;
};

const bySession = async ({ db, settings }: Accounts, cookie: string): Promise<Checked | null> => {
  const token = await tokenIn(cookie, settings.secret);
  const found = token === null ? undefined : await bearerOf(db, token);
  const row = found ? await userRow(db, found.user_id) : undefined;
  if (!found || !row || row.suspended_at) return null;
  const credential = {
    person: personFrom(row),
    subjectId: found.session_id,
    expiresAt: Number.POSITIVE_INFINITY,
  };
  return { credential, left_ms: found.left_ms };
};

const byKey = async ({ db, settings }: Accounts, key: string): Promise<Checked | null> => {
  if (!(await isOurKey(key, settings.secret))) return null;
  const found = await useKey(db, await digestOf(key));
  const row = found ? await userRow(db, found.user_id) : undefined;
  if (!found || !row || row.suspended_at) return null;
  const scopes = scopesOf(found.permissions ? JSON.parse(found.permissions) : null);
  const credential = {
    ...{ person: personFrom(row), subjectId: found.id, scopes },
    expiresAt: Number.POSITIVE_INFINITY,
  };
  return { credential, left_ms: found.left_ms ?? Number.POSITIVE_INFINITY };
};

const byToken = async (accounts: Accounts, token: string): Promise<Checked | null> => {
  const credential = await verifyToken(accounts, token);
  return credential && { credential, left_ms: Number.POSITIVE_INFINITY };
};

/** Another site's page must not act with a person's cookie: what the browser says of where a request began decides. */
const fromElsewhere = ({ baseUrl, trustedOrigins = [] }: AccountsSettings, headers: Headers): boolean => {
  const origin = headers.get("origin");
  if (origin) {
    const ours = origin === new URL(baseUrl).origin || trustedOrigins.includes(origin);
    return !ours && !isHost(origin, headers.get("host"), baseUrl);
  }
  return headers.get("sec-fetch-site") === "cross-site" && headers.get("sec-fetch-mode") !== "navigate";
};

const credentialIn = async (
  accounts: Accounts,
  headers: Headers,
): Promise<{ credential: Credential | null; via: Caller["via"] } | null> => {
  const authorization = headers.get("authorization");
  const bearer = authorization && /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(authorization.trim())?.[1];
  const key = bearer?.startsWith(keyPrefix) ? bearer : headers.get("x-api-key");
  if (key) return { credential: await recall(accounts, key, () => byKey(accounts, key)), via: "key" };
  // Whoever says who they are in a header is not silently taken for the cookie's owner instead.
  if (authorization) {
    const credential = bearer ? await recall(accounts, bearer, () => byToken(accounts, bearer)) : null;
    return { credential, via: "token" };
  }
  const cookie = cookieValue(headers.get("cookie") ?? "", cookieName(accounts.settings));
  if (!cookie || cookie.length > 512 || fromElsewhere(accounts.settings, headers)) return null;
  return { credential: await recall(accounts, cookie, () => bySession(accounts, cookie)), via: "cookie" };
};

/** Who the request's headers say it is, and by which session or key; null for nobody. Nearly always without a query. */
export const identify = async (accounts: Accounts, headers: Headers): Promise<Caller | null> => {
  const found = await credentialIn(accounts, headers);
  if (!found?.credential) return null;
  const { person, subjectId, scopes } = found.credential;
  const allowed = await allow(accounts.access, person, subjectId);
  if (!allowed) return null;
  const { actor, twoFactor } = allowed;
  const demanded =
    accounts.settings.requireTwoFactor && !twoFactor && (actor.role === "cva" || actor.role === "admin");
  return {
    actor: {
      ...actor,
      ...(scopes ? { scopes } : {}),
      ...(isId("session", subjectId) ? { sessionId: subjectId } : {}),
      ...(demanded ? { needsTwoFactor: true as const } : {}),
    },
    subjectId,
    via: found.via,
  };
};

/** The actor for the context, or null. Call it once per HTTP request. */
export const authenticate = async (accounts: Accounts, headers: Headers): Promise<Actor | null> =>
  (await identify(accounts, headers))?.actor ?? null;
