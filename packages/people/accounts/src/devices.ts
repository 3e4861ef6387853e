import type { Tx } from "@evx/db";
import { day_ms, type Id, sha256 } from "@evx/kernel";
import { cookieValue } from "./authenticate.ts";
import type { RequestContext } from "./exchange.ts";
import type { AccountsSettings } from "./ports.ts";
import { insertDevice } from "./queries/devices.ts";

const COOKIE = "evx_device";

/** As long as browsers keep a cookie. */
const KEPT_S = (400 * day_ms) / 1000;

/**
 * Notes from which browser somebody signs in, so that a sale between two accounts of one person is seen. The browser keeps
 * a random name, the database its digest. Answers the cookie that gives a browser its name, or keeps it longer. What a
 * client makes up is a name like others.
 */
export const noteDevice = async (
  tx: Tx,
  { request }: Pick<RequestContext, "request">,
  settings: Pick<AccountsSettings, "baseUrl">,
  userId: Id<"user">,
): Promise<string> => {
  const known = cookieValue(request.headers.get("cookie") ?? "", COOKIE);
  const name =
    known && /^[A-Za-z0-9_-]{43}$/.test(known)
      ? known
      : Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  await insertDevice(tx, userId, await sha256(name));
  const secure = settings.baseUrl.startsWith("https://") ? "; Secure" : "";
  return `${COOKIE}=${name}; Path=/; Max-Age=${KEPT_S}; HttpOnly; SameSite=Lax${secure}`;
};
