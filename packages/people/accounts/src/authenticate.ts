import type { Actor } from "@evx/rpc";
import type { Access } from "./access.ts";
import type { Auth } from "./auth.ts";
import { isOurKey, keyPrefix, scopesOf } from "./key-format.ts";
import type { IdentityPorts } from "./ports.ts";
import { userRow } from "./queries/users.ts";
import type { Credential, TokenOffice } from "./tokens.ts";
import { personFrom } from "./users.ts";

/** How many credentials a server remembers as checked, and for how long. */
const remembered = 20_000;
const rememberMs = 300_000;

/** Who a request comes from, and by which session or API key. */
export type Caller = { actor: Actor; subjectId: string; via: "cookie" | "token" | "key" };

/** The session cookie's name: with TLS its prefix makes browsers refuse it from a page without. */
export const cookieNameFor = (baseUrl: string): string =>
  `${baseUrl.startsWith("https://") ? "__Secure-" : ""}evx.session_token`;

/** A cookie of ours in a Cookie header: its value, still encoded. */
const cookieValue = (header: string, name: string): string | null => {
  for (const part of header.split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
};

/** Whether an Origin names the host that the request came to. A browser does not let a page choose either. */
const isHost = (origin: string, host: string | null): boolean =>
  host !== null && URL.canParse(origin) && new URL(origin).host === host;

export const createAuthenticate = (
  ports: IdentityPorts,
  { auth }: Pick<Auth, "auth">,
  access: Access,
  tokens: TokenOffice,
) => {
  const origins = new Set([new URL(ports.baseUrl).origin, ...(ports.trustedOrigins ?? [])]);
  const cookieName = cookieNameFor(ports.baseUrl);
  const checked = new Map<string, { credential: Credential; until: number }>();

  /** A checked credential is remembered: a signature costs 0.1 ms and a session two queries, each time. */
  const recall = async (
    text: string,
    check: () => Promise<Credential | null>,
  ): Promise<Credential | null> => {
    const known = checked.get(text);
    if (known && known.until > performance.now()) {
      if (known.credential.expiresAt > ports.clock.now().getTime()) return known.credential;
    }
    checked.delete(text);
    const credential = await check();
    if (!credential) return null;
    // The oldest goes first; Maps keep the order in which they were filled.
    if (checked.size >= remembered) checked.delete(checked.keys().next().value as string);
    checked.set(text, { credential, until: performance.now() + rememberMs });
    return credential;
  };

  const bySession = async (cookie: string): Promise<Credential | null> => {
    const found = await auth.api.getSession({
      headers: new Headers({ cookie: `${cookieName}=${cookie}` }),
      query: { disableRefresh: true },
    });
    const row = found ? await userRow(ports.db, found.user.id) : undefined;
    if (!found || !row || row.suspended_at) return null;
    return {
      person: personFrom(row),
      subjectId: found.session.id,
      expiresAt: found.session.expiresAt.getTime(),
    };
  };

  const byKey = async (key: string): Promise<Credential | null> => {
    if (!(await isOurKey(key, ports.secret))) return null;
    const answer = await auth.api.verifyApiKey({ body: { key } });
    if (!answer.valid || !answer.key) return null;
    const row = await userRow(ports.db, answer.key.referenceId);
    if (!row || row.suspended_at) return null;
    return {
      person: personFrom(row),
      subjectId: answer.key.id,
      expiresAt: answer.key.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
      scopes: scopesOf(answer.key.permissions),
    };
  };

  /** Another site's page must not act with a person's cookie: what the browser says of where a request began decides. */
  const fromElsewhere = (headers: Headers): boolean => {
    const origin = headers.get("origin");
    if (origin) return !origins.has(origin) && !isHost(origin, headers.get("host"));
    return headers.get("sec-fetch-site") === "cross-site" && headers.get("sec-fetch-mode") !== "navigate";
  };

  const credentialIn = async (
    headers: Headers,
  ): Promise<{ credential: Credential | null; via: Caller["via"] } | null> => {
    const authorization = headers.get("authorization");
    const bearer = authorization && /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(authorization.trim())?.[1];
    const key = bearer?.startsWith(keyPrefix) ? bearer : headers.get("x-api-key");
    if (key) return { credential: await recall(key, () => byKey(key)), via: "key" };
    // Whoever says who they are in a header is not silently taken for the cookie's owner instead.
    if (authorization) {
      return { credential: bearer ? await recall(bearer, () => tokens.verify(bearer)) : null, via: "token" };
    }
    const cookie = cookieValue(headers.get("cookie") ?? "", cookieName);
    if (!cookie || cookie.length > 512 || fromElsewhere(headers)) return null;
    return { credential: await recall(cookie, () => bySession(cookie)), via: "cookie" };
  };

  /** Who the request's headers say it is, checked; null for nobody. Nearly always without a query. */
  return async (headers: Headers): Promise<Caller | null> => {
    const found = await credentialIn(headers);
    if (!found?.credential) return null;
    const { person, subjectId, scopes } = found.credential;
    const allowed = await access.allow(person, subjectId);
    if (!allowed) return null;
    const { actor, twoFactor } = allowed;
    const demanded = ports.requireTwoFactor && !twoFactor && (actor.role === "cva" || actor.role === "admin");
    return {
      actor: {
        ...actor,
        ...(scopes ? { scopes } : {}),
        ...(demanded ? { needsTwoFactor: true as const } : {}),
      },
      subjectId,
      via: found.via,
    };
  };
};
