/**
 * The seal of a batch: a guilloche drawn from its Merkle root. The same root gives the same seal on any machine, on screen
 * and on paper. An aid to the eye and not a proof: outline and ink repeat once in about sixty batches.
 *
 * `d = SHA-256("evx-seal-1" || root)` chooses everything: `d[0]` inks and petals, `d[1]` heart and depth of the petals,
 * `d[2+6k … 7+6k]` ring k of five: lobes, turns, depth, phase, slow wave, sway.
 */
const turn = 2 * Math.PI;

/** How many pairs of inks the sheet of tokens has: `--seal-0a` and `--seal-0b` to `--seal-5a` and `--seal-5b`. */
export const inkPairs = 6;

/** Up to this size in pixels a seal is a solid stamp; above, five rings of lines. */
export const stampUpTo_px = 72;

type Ring = { inner: number; outer: number; lobes: number; span: number; turns: number };

/** In a box of 200 by 200. */
const rings: readonly Ring[] = [
  { inner: 10, outer: 33, lobes: 5, span: 9, turns: 2 },
  { inner: 31, outer: 49, lobes: 19, span: 13, turns: 4 },
  { inner: 46, outer: 70, lobes: 11, span: 17, turns: 5 },
  { inner: 66, outer: 86, lobes: 29, span: 19, turns: 5 },
  { inner: 83, outer: 98, lobes: 47, span: 23, turns: 3 },
];

export type SealPath = {
  d: string;
  /** Which ink of the pair; `sheet` is cut out of the stamp. */
  ink: "a" | "b" | "sheet";
  /** Of the line; a path without is filled. */
  width?: number;
};

export type SealDrawing = {
  /** Which pair of inks, from 0. */
  pair: number;
  petals: number;
  rays: number;
  /** In the order in which they are drawn, in a box of 200 by 200. */
  paths: readonly SealPath[];
};

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

const at = (angle: number, radius: number): string =>
  `${(100 + radius * Math.cos(angle)).toFixed(1)} ${(100 + radius * Math.sin(angle)).toFixed(1)}`;

/** The 32 bytes that draw the seal of a root, which is given as 64 hexadecimal digits. */
export const sealDigest = async (root: string): Promise<Uint8Array> => {
  if (!/^[0-9a-f]{64}$/i.test(root)) throw new RangeError("A seal is drawn from a root of 32 bytes");
  const bytes = Uint8Array.from(root.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const named = new TextEncoder().encode("evx-seal-1");
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array([...named, ...bytes])));
};

/**
 * The root whose seal stands for grams of several batches: the SHA-256 of their roots, each once, in the order in which
 * they are given, which is that of the serial numbers. One root is itself; none has no seal.
 */
export const sealRootOf = async (roots: readonly (string | null)[]): Promise<string | null> => {
  const each = [...new Set(roots.filter((root) => root !== null))];
  if (each.length < 2) return each[0] ?? null;
  const bytes = Uint8Array.from(each.join("").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** A wave of n lobes that closes after q turns (coprime, so that it is one unbroken line), bent by a slower wave. */
const ringPath = (
  ring: Ring,
  bytes: Uint8Array,
  petal: (angle: number) => number,
  petals: number,
  detail: number,
): string => {
  const byte = (place: number): number => bytes[place] ?? 0;
  const turns = ring.turns + (byte(1) % 3);
  let lobes = ring.lobes + (byte(0) % ring.span);
  while (commonDivisor(lobes, turns) > 1) lobes++;
  const depth = 0.62 + (byte(2) / 255) * 0.38;
  const phase = (byte(3) / 256) * turn;
  const slow = 2 + (byte(4) % 5);
  const sway = (byte(5) / 255) * 0.34;
  const middle = (ring.inner + ring.outer) / 2;
  const half = (ring.outer - ring.inner) / 2;
  const steps = detail * Math.max(lobes, petals * turns);
  let path = "";
  for (let step = 0; step < steps; step++) {
    const angle = (step / steps) * turn * turns;
    const wave =
      Math.sin((lobes / turns) * angle + phase) * depth * (1 - sway) + Math.sin(slow * angle + phase) * sway;
    path += `${step === 0 ? "M" : "L"}${at(angle, petal(angle) * (middle + half * wave))}`;
  }
  return `${path}Z`;
};

const star = (rays: number, reach: number): string =>
  `M${Array.from({ length: rays * 2 }, (_, i) => at((i / rays / 2) * turn - turn / 4, i % 2 === 1 ? 3.2 : reach)).join("L")}Z`;

/** What is drawn for a digest of `sealDigest` at a size in pixels. */
export const drawSeal = (digest: Uint8Array, size_px: number): SealDrawing => {
  const byte = (place: number): number => digest[place] ?? 0;
  const petals = 3 + (Math.floor(byte(0) / inkPairs) % 10);
  const bulge = 0.035 + ((byte(1) >> 4) / 15) * 0.075;
  const rays = 3 + (byte(1) % 6);
  const petal = (angle: number): number => 1 - bulge + bulge * Math.cos(petals * (angle + turn / 4));
  const stamp = size_px <= stampUpTo_px;
  const lineOf = (ring: Ring, place: number): string =>
    ringPath(ring, digest.subarray(2 + 6 * place, 8 + 6 * place), petal, petals, stamp ? 6 : 12);
  const outline = Array.from({ length: 120 }, (_, i) => at((i / 120) * turn, 98 * petal((i / 120) * turn)));
  const body: SealPath[] = stamp
    ? [
        { d: `M${outline.join("L")}Z`, ink: "a" },
        ...rings.flatMap((ring, place): SealPath[] =>
          place === 0 || place === 2
            ? [{ d: lineOf(ring, place), ink: "sheet", width: place === 0 ? 4 : 2 }]
            : [],
        ),
      ]
    : rings.map((ring, place) => ({
        d: lineOf(ring, place),
        ink: place % 2 === 1 ? "b" : "a",
        width: place === 0 ? 0.75 : 0.55,
      }));
  return {
    pair: byte(0) % inkPairs,
    petals,
    rays,
    paths: [...body, { d: star(rays, stamp ? 12 : 8.5), ink: stamp ? "sheet" : "a" }],
  };
};
