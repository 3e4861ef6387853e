import type { Db } from "@evx/db";
import type { Clock, Id, Locale } from "@evx/kernel";
import type { Log } from "@evx/rpc";

/** A letter as the venue's mail sends it: `link` is an address of the web app, absolute. */
export type Letter = {
  /** The same over all tries, so that a mail program shows it once. */
  id: Id<"event">;
  to: string;
  locale: Locale;
  subject: string;
  message: string;
  link: string | null;
};

/** Takes a letter or throws; a throw is tried again later. */
export type LetterBox = { send(letter: Letter): Promise<void> };

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
  /** Failed sign-ins a minute from one address for one account; 10 unless told. For either alone it is five times that. */
  signInFailures?: number | undefined;
  /**
   * Secrets that encrypt identity documents, separated by commas: the first one encrypts, all of them decrypt.
   * At least 24 characters each.
   */
  dataKeys: string;
  letters: LetterBox;
  /** Whether cva and admin must have set up a second factor before they can do their work. */
  requireTwoFactor?: boolean;
  /** How old a server's knowledge of suspensions may be; 500 unless told. */
  staleAfterMs?: number;
};
