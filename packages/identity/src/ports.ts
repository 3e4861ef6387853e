import type { Db } from "@evx/db";
import type { Clock } from "@evx/kernel";
import type { Log } from "@evx/rpc";

/** What identity needs from outside. */
export type IdentityPorts = {
  db: Db;
  clock: Clock;
  log: Log;
  /** At least 32 characters: signs cookies and encrypts the private halves of signing keys. */
  secret: string;
  /** Where people reach the venue, such as https://exchange.example. Decides issuer, audience and secure cookies. */
  baseUrl: string;
  /** Other origins whose pages may use a signed-in person's cookie. */
  trustedOrigins?: readonly string[];
  /** 12 unless told: 260 ms a hash. Tests take 4. */
  bcryptCost?: number;
  /** How old a server's knowledge of suspensions may be; 500 unless told. */
  staleAfterMs?: number;
};
