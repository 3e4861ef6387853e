import { type Id, type IdKind, isId } from "@evx/kernel";
import type { Actor, Context } from "@evx/rpc";
import { isAPIError } from "better-auth/api";
import { refuse } from "./errors.ts";

/** What of a request these verbs need. */
export type RequestContext = Pick<Context, "request" | "answer" | "transact" | "db" | "locale">;

/** A request of somebody who is signed in. */
export type MemberContext = RequestContext & { actor: Actor };

/** The headers that better-auth may see: the address as the server knows it, and our own cookies. */
export const headersFor = ({ request }: Pick<RequestContext, "request">, withCookie = false): Headers => {
  const headers = new Headers({ "x-client-ip": request.ip });
  const agent = request.headers.get("user-agent");
  if (agent) headers.set("user-agent", agent.slice(0, 300));
  const cookie = withCookie ? request.headers.get("cookie") : null;
  if (cookie) headers.set("cookie", cookie);
  return headers;
};

/** Hands better-auth's cookies on to the browser. */
export const passCookies = (from: Headers, { answer }: Pick<RequestContext, "answer">): void => {
  for (const cookie of from.getSetCookie()) answer.headers.append("set-cookie", cookie);
};

/** better-auth's code for what went wrong; null for anything that is not one of its answers. */
export const authCode = (error: unknown): string | null =>
  isAPIError(error) ? String(error.body?.code ?? error.status) : null;

/** Turns better-auth's answer into a refusal by its code; throws what is not listed as it is. */
export const refusedAs =
  (codes: Readonly<Record<string, Parameters<typeof refuse>[0]>>) =>
  (error: unknown): never => {
    const code = codes[authCode(error) ?? ""];
    throw code ? refuse(code, {}, { cause: error }) : error;
  };

/** An id that better-auth answers. It takes its ids from us, so one of another form is a bug. */
export const ourId = <K extends IdKind>(kind: K, text: string): Id<K> => {
  if (!isId(kind, text)) throw new Error(`better-auth answered an id that is no ${kind}'s`);
  return text;
};
