import { type Access, noAccess } from "./access.ts";
import { type Auth, openAuth } from "./auth.ts";
import { type Hashing, openHashing } from "./hashing.ts";
import type { AccountsPorts, AccountsSettings } from "./ports.ts";
import { type KeySet, noKeys } from "./tokens.ts";
import type { Credential } from "./users.ts";

/**
 * Accounts as one process holds them: the ports, the settings, and what is remembered between requests. Holds no timers
 * and no connections of its own.
 */
export type Accounts = AccountsPorts & {
  readonly settings: AccountsSettings;
  readonly auth: Auth;
  readonly hashing: Hashing;
  readonly access: Access;
  readonly keys: KeySet;
  /** Credentials that were checked a short while ago, the oldest first. */
  readonly checked: Map<string, { credential: Credential; until: number }>;
  /** Refresh tokens that this server is exchanging at this moment. */
  readonly refreshing: Set<string>;
};

/** Throws RangeError when a setting cannot do: a short secret. */
export const openAccounts = (ports: AccountsPorts, settings: AccountsSettings): Accounts => {
  if (settings.secret.length < 32) throw new RangeError("accounts: the secret needs at least 32 characters");
  const hashing = openHashing(settings.bcryptCost);
  return {
    ...ports,
    settings,
    hashing,
    auth: openAuth(ports, settings, hashing),
    access: noAccess(ports.db, settings),
    keys: noKeys(),
    checked: new Map(),
    refreshing: new Set(),
  };
};
