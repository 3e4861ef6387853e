import type { Context } from "@evx/rpc";
import { isAPIError } from "better-auth/api";

/** What of a request these verbs need. */
export type Request = Pick<Context, "request" | "answer" | "transact" | "db" | "locale">;

/** The headers that better-auth may see: the address as the server knows it, and our own cookies. */
export const headersFor = ({ request }: Pick<Request, "request">, withCookie = false): Headers => {
  const headers = new Headers({ "x-client-ip": request.ip });
  const agent = request.headers.get("user-agent");
  if (agent) headers.set("user-agent", agent.slice(0, 300));
  const cookie = withCookie ? request.headers.get("cookie") : null;
  if (cookie) headers.set("cookie", cookie);
  return headers;
};

/** Hands better-auth's cookies on to the browser. */
export const passCookies = (from: Headers, { answer }: Pick<Request, "answer">): void => {
  for (const cookie of from.getSetCookie()) answer.headers.append("set-cookie", cookie);
};

/** better-auth's code for what went wrong; null for anything that is not one of its answers. */
export const authCode = (error: unknown): string | null =>
  isAPIError(error) ? String(error.body?.code ?? error.status) : null;
