import type { Accounts } from "./accounts.ts";
import { cookieName, identify, sessionOf } from "./authenticate.ts";
import { signedCookie } from "./cookies.ts";
import { refuse } from "./errors.ts";
import { headersFor, type RequestContext } from "./exchange.ts";
import { sessionToken } from "./queries/sessions.ts";

/**
 * The headers under which better-auth sees the caller's own session, whether they came with its cookie or with an
 * access token made from it. API keys have no session, and what changes an account is not for them: `session_required`.
 */
export const sessionHeaders = async (
  ctx: Pick<RequestContext, "db" | "request">,
  accounts: Accounts,
): Promise<Headers> => {
  const { settings } = accounts;
  const sessionId = sessionOf(await identify(accounts, ctx.request.headers));
  const token = sessionId && (await sessionToken(ctx.db, sessionId));
  if (!token) throw refuse("session_required");
  const headers = headersFor(ctx);
  headers.set("cookie", `${cookieName(settings)}=${await signedCookie(token, settings.secret)}`);
  return headers;
};
