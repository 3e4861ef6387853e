import { createAccess } from "./access.ts";
import { createAuth } from "./auth.ts";
import { createAuthenticate } from "./authenticate.ts";
import { createGuessLimiter } from "./limits.ts";
import type { IdentityPorts } from "./ports.ts";
import { createSignIn } from "./signin.ts";
import { createTokens } from "./tokens.ts";

/**
 * Identity put together: one per process, shared by all requests. Holds no timers and no connections of its own.
 * Throws when a port cannot do: a short secret, a base URL that is none.
 */
export const createIdentity = (ports: IdentityPorts) => {
  if (ports.secret.length < 32) throw new RangeError("identity: the secret needs at least 32 characters");
  const auth = createAuth(ports);
  const access = createAccess({ db: ports.db, staleAfterMs: ports.staleAfterMs });
  const tokens = createTokens(ports, auth);
  const identify = createAuthenticate(ports, auth, access, tokens);
  const signing = createSignIn(auth, tokens, createGuessLimiter(ports.db), identify, access);
  return {
    auth: auth.auth,
    access,
    tokens,
    /** Who a request's headers say it is: the actor for the context, or null. Call it once per HTTP request. */
    authenticate: async (headers: Headers) => (await identify(headers))?.actor ?? null,
    /** The same with the session or key by which they came. */
    identify,
    signing,
  };
};

export type Identity = ReturnType<typeof createIdentity>;
