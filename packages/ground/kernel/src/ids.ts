/** The prefix of each kind of id. A kind is listed here once, so two tables cannot share a prefix. */
const prefixes = {
  user: "usr",
  session: "ses",
  token: "tok",
  apikey: "apk",
  document: "doc",
  kycFile: "kyc",
  audit: "aud",
  vehicle: "veh",
  trip: "trp",
  import: "imp",
  fleetImport: "fim",
  driver: "drv",
  connection: "con",
  request: "req",
  submission: "sub",
  batch: "bat",
  certificate: "crt",
  retirement: "ret",
  transfer: "tfr",
  listing: "lst",
  bid: "bid",
  offer: "off",
  order: "ord",
  quote: "quo",
  wanted: "wnt",
  search: "sch",
  payment: "pay",
  refund: "rfd",
  dispute: "dsp",
  difference: "dif",
  evidence: "evd",
  invoice: "inv",
  withdrawal: "wdr",
  notification: "ntf",
  event: "evt",
  export: "exp",
  credential: "crd",
  signingKey: "sgk",
  announcement: "ann",
} as const;

export type IdKind = keyof typeof prefixes;

/** An id that names its kind in type and text: `Id<"order">` is `ord_` and 26 characters. */
export type Id<K extends IdKind> = `${(typeof prefixes)[K]}_${string}`;

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const pattern = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** 128 bits as 26 base-32 characters (Crockford's alphabet); sorts as the bits do. */
const encode = (bytes: Uint8Array): string => {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = "";
  for (let place = 0; place < 26; place++) {
    text = alphabet[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return text;
};

/** A new id. Its first 48 bits are milliseconds since 1970 (UUID version 7), so new rows go to the end of an index. */
export const newId = <K extends IdKind>(kind: K): Id<K> => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let millis = performance.timeOrigin + performance.now();
  for (let place = 5; place >= 0; place--) {
    bytes[place] = millis % 256;
    millis = Math.floor(millis / 256);
  }
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  return `${prefixes[kind]}_${encode(bytes)}` as Id<K>;
};

/**
 * The id that belongs to a seed: the same kind and seed always give the same id.
 * A retry of one request names the same row this way, so the row cannot be made twice.
 */
export const namedId = async <K extends IdKind>(kind: K, seed: string): Promise<Id<K>> => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${kind}\n${seed}`));
  return `${prefixes[kind]}_${encode(new Uint8Array(digest).subarray(0, 16))}` as Id<K>;
};

/** What ids of a kind look like, as a pattern of JSON Schema. */
export const idPattern = (kind: IdKind): string => `^${prefixes[kind]}_${pattern.source.slice(1)}`;

/** Whether a text is a well-formed id of that kind. */
export const isId = <K extends IdKind>(kind: K, text: string): text is Id<K> =>
  text.startsWith(`${prefixes[kind]}_`) && pattern.test(text.slice(prefixes[kind].length + 1));
