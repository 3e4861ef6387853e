import { createAccess } from "./access.ts";
import { createAccount } from "./account.ts";
import { createApiKeys } from "./api-keys.ts";
import { createAuth } from "./auth.ts";
import { cookieNameFor, createAuthenticate } from "./authenticate.ts";
import { createKyc } from "./kyc.ts";
import { createLetters } from "./letters.ts";
import { createGuessLimiter } from "./limits.ts";
import type { IdentityPorts } from "./ports.ts";
import { createSessionHeaders } from "./session-headers.ts";
import { createSignIn } from "./signin.ts";
import { createTokens } from "./tokens.ts";
import { createTwoFactor } from "./two-factor.ts";
import { openVault } from "./vault.ts";

/**
 * Identity put together: one per process, shared by all requests. Holds no timers and no connections of its own.
 * Throws when a port cannot do: a short secret, a base URL that is none.
 */
export const createIdentity = (ports: IdentityPorts) => {
  if (ports.secret.length < 32) throw new RangeError("identity: the secret needs at least 32 characters");
  if (!ports.dataKeys.replaceAll(",", "").trim())
    throw new RangeError("identity: a key is needed to encrypt documents with");
  const vault = openVault(ports.dataKeys);
  const letters = createLetters(vault, ports.letters);
  const auth = createAuth(ports, letters);
  const access = createAccess({ db: ports.db, staleAfterMs: ports.staleAfterMs });
  const tokens = createTokens(ports, auth);
  const identify = createAuthenticate(ports, auth, access, tokens);
  const sessionHeaders = createSessionHeaders({
    secret: ports.secret,
    cookieName: cookieNameFor(ports.baseUrl),
  });
  const signing = createSignIn(
    auth,
    tokens,
    createGuessLimiter(ports.db, ports.signInFailures),
    identify,
    access,
  );
  return {
    auth: auth.auth,
    access,
    tokens,
    /** Who a request's headers say it is: the actor for the context, or null. Call it once per HTTP request. */
    authenticate: async (headers: Headers) => (await identify(headers))?.actor ?? null,
    /** The same with the session or key by which they came. */
    identify,
    signing,
    account: createAccount(auth, letters, access, identify, sessionHeaders),
    twoFactor: createTwoFactor(auth, letters, access, identify, sessionHeaders),
    apiKeys: createApiKeys(auth, access, identify, sessionHeaders),
    kyc: createKyc(vault, access),
    letters,
    vault,
  };
};

export type Identity = ReturnType<typeof createIdentity>;
