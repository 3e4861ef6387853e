import { type Bytes, joined } from "./bytes.ts";

/** The first so many primes, from whose roots SHA-256 takes its constants (FIPS 180-4 §4.2.2, §5.3.3). */
const primes = (count: number): number[] => {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
};

const fraction = (value: number): number => ((value - Math.floor(value)) * 2 ** 32) | 0;

const rounds = Int32Array.from(primes(64), (prime) => fraction(Math.cbrt(prime)));
const start = Int32Array.from(primes(8), (prime) => fraction(Math.sqrt(prime)));
const schedule = new Int32Array(64);

const turned = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

const mixed = (state: Int32Array, view: DataView, at: number): void => {
  for (let t = 0; t < 16; t++) schedule[t] = view.getInt32(at + t * 4);
  for (let t = 16; t < 64; t++) {
    const x = schedule[t - 15] as number;
    const y = schedule[t - 2] as number;
    const s0 = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3);
    const s1 = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10);
    schedule[t] = ((schedule[t - 16] as number) + s0 + (schedule[t - 7] as number) + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let t = 0; t < 64; t++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const one = (h + s1 + ((e & f) ^ (~e & g)) + (rounds[t] as number) + (schedule[t] as number)) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  const out = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < 8; i++) state[i] = ((state[i] as number) + (out[i] as number)) | 0;
};

/** SHA-256 in plain JavaScript, for where the runtime has none that answers at once: browsers. */
export const sha256Plain = (bytes: Uint8Array): Bytes => {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, (bytes.length * 8) % 2 ** 32);
  const state = start.slice();
  for (let at = 0; at < padded.length; at += 64) mixed(state, view, at);
  const hash = new Uint8Array(32);
  const out = new DataView(hash.buffer);
  for (let i = 0; i < 8; i++) out.setInt32(i * 4, state[i] as number);
  return hash;
};

/** A member of what may be an object or nothing. */
const member = (of: unknown, name: string): unknown => Reflect.get(Object(of), name);

type Hash = { update(bytes: Uint8Array): Hash; digest(): Uint8Array };

/** Node's hasher, which Bun has too and whose module no browser must be asked for. */
const hasher = (): (() => Hash) | null => {
  const running = member(globalThis, "process");
  const module = member(running, "getBuiltinModule");
  const create =
    typeof module === "function" ? member(module.call(running, "node:crypto"), "createHash") : null;
  return typeof create === "function" ? () => create("sha256") : null;
};

const created = hasher();

/** The runtime's own hash where one answers at once: Bun's, or Node's. */
const native = (): ((bytes: Uint8Array) => Uint8Array) | null => {
  const own = member(member(globalThis, "Bun"), "SHA256");
  const hash = member(own, "hash");
  if (typeof hash === "function") return (bytes) => hash.call(own, bytes);
  return created && ((bytes) => created().update(bytes).digest());
};

const fast = native();

/**
 * SHA-256 at once, in any runtime: WebCrypto would make a promise of each of the millions of hashes of a log. Natively
 * some 0.4 µs for what a tree hashes, 2 µs in a browser.
 */
export const sha256Now = (bytes: Uint8Array): Bytes =>
  fast ? new Uint8Array(fast(bytes)) : sha256Plain(bytes);

/** SHA-256 of bytes that come piece by piece. Where the runtime has no hasher of its own, they are kept until the end. */
export const sha256Pieces = (): { update(piece: Uint8Array): void; digest(): Bytes } => {
  const hash = created?.();
  const kept: Uint8Array[] = [];
  return {
    update: (piece) => void (hash ? hash.update(piece) : kept.push(piece)),
    digest: () => (hash ? new Uint8Array(hash.digest()) : sha256Now(joined(...kept))),
  };
};
