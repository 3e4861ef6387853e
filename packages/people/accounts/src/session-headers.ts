import type { Context } from "@evx/rpc";
import type { Caller } from "./authenticate.ts";
import { refuse } from "./errors.ts";
import { headersFor } from "./exchange.ts";
import { sessionToken } from "./queries/sessions.ts";

const encoder = new TextEncoder();

/** A cookie's value as better-auth signs it: the token and its HMAC-SHA256. */
const signed = async (token: string, secret: string): Promise<string> => {
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(token)));
  return encodeURIComponent(`${token}.${mac.toBase64()}`);
};

/**
 * The headers under which better-auth sees the caller's own session, whether they came with its cookie or with an
 * access token made from it. API keys have no session: what changes an account is not for them.
 */
export const createSessionHeaders =
  ({ secret, cookieName }: { secret: string; cookieName: string }) =>
  async (ctx: Pick<Context, "db" | "request">, caller: Caller | null): Promise<Headers> => {
    const token = caller && caller.via !== "key" ? await sessionToken(ctx.db, caller.subjectId) : undefined;
    if (!token) throw refuse("session_required");
    const headers = headersFor(ctx);
    headers.set("cookie", `${cookieName}=${await signed(token, secret)}`);
    return headers;
  };

export type SessionHeaders = ReturnType<typeof createSessionHeaders>;
