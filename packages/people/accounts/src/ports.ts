import type { Db } from "@evx/db";
import type { Clock, Id, Locale } from "@evx/kernel";
import type { Log } from "@evx/rpc";
import type { Vault } from "@evx/vault";

/** A letter as the venue's mail sends it: `link` is an address of the web app, absolute. */
export type Letter = {
  /** The same over all attempts, so that a mail program shows it once. */
  id: Id<"event">;
  to: string;
  locale: Locale;
  subject: string;
  message: string;
  link: string | null;
};

/** Takes a letter or throws; a throw is tried again later. */
export type LetterBox = { send(letter: Letter): Promise<void> };

/** What accounts need from outside. */
export type AccountsPorts = {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  /** Seals the links of letters that wait to be sent. */
  readonly vault: Promise<Vault>;
  readonly letters: LetterBox;
  /** How far this machine's own clock is ahead of the database's; nobody knows where it is left out. */
  readonly machineAhead_ms?: (() => number) | undefined;
};

/** What the operator chooses. */
export type AccountsSettings = {
  /** At least 32 characters: signs cookies and encrypts the private halves of signing keys. */
  readonly secret: string;
  /** Where people reach the venue, such as https://exchange.example. Decides issuer, audience and secure cookies. */
  readonly baseUrl: string;
  /** Other origins whose pages may use a signed-in person's cookie. */
  readonly trustedOrigins?: readonly string[];
  /** 12 by default: 260 ms a hash. Tests take 4. */
  readonly bcryptCost?: number;
  /** Failed sign-ins a minute from one address for one account; 10 by default. For either alone it is five times that. */
  readonly signInFailures?: number | undefined;
  /**
   * Whether an address must be confirmed before there is an account: then signing up answers alike for addresses that are
   * known and unknown, and the account is made by the letter's link.
   */
  readonly requireVerifiedEmail?: boolean;
  /** Whether cva and admin must have set up a second factor before they can do their work. */
  readonly requireTwoFactor?: boolean;
  /** How old a server's knowledge of suspensions may be; 500 by default. */
  readonly staleAfterMs?: number;
};
