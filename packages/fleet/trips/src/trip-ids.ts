import type { Id } from "@evx/kernel";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * What every trip id of a car ends with: 80 bits of the hash of its VIN's hash, in the kernel's alphabet.
 * The first four bits are 8, the version of a UUID made by the application's own rule (RFC 9562).
 */
export const tripSuffix = (vinHash: string): string => {
  const digest = new Bun.CryptoHasher("sha256").update(`trips of ${vinHash}`).digest();
  let bits = 8n;
  for (let at = 0; at < 10; at++) bits = (bits << 8n) | BigInt(digest[at] as number);
  bits = (8n << 76n) | (bits & ((1n << 76n) - 1n));
  let text = "";
  for (let place = 0; place < 16; place++) {
    text = alphabet[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return text;
};

/** The first ten characters of an id: 48 bits of milliseconds since 1970. They sort as the moments do. */
export const momentPrefix = (at: number): string => {
  let high = Math.floor(at / 0x2000000);
  let low = at - high * 0x2000000;
  let text = "";
  for (let place = 0; place < 5; place++) {
    text = alphabet[low & 31] + text;
    low >>>= 5;
  }
  for (let place = 0; place < 5; place++) {
    text = alphabet[high & 31] + text;
    high >>>= 5;
  }
  return text;
};

/**
 * The id of the trip that a car starts at a moment. It is the same for every owner, file and retry, so the primary
 * key refuses a second one; and it tells the trip's month, so a lookup opens one partition.
 */
export const tripId = (at: number, suffix: string): Id<"trip"> => `trp_${momentPrefix(at)}${suffix}`;

/** The moment in a trip's id. */
export const startOfTripId = (id: Id<"trip">): number => {
  let at = 0;
  for (let place = 4; place < 14; place++) at = at * 32 + alphabet.indexOf(id[place] as string);
  return at;
};

/** The first day of the month (UTC) in which a moment lies: the key of its partition. */
export const monthOf = (at: number): string => `${new Date(at).toISOString().slice(0, 7)}-01`;

/** The day (UTC) of a moment. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
