import type { Bytes } from "../bytes.ts";

// Where C2SP tlog-tiles keeps what: /tile/<L>/<N>[.p/<W>], /tile/entries/<N>[.p/<W>].

/** A tile's number in elements of three digits, all but the last with an x: 1234067 is x001/x234/067. */
export const tileNumber = (n: number): string => {
  const digits = String(n).padStart(Math.ceil(String(n).length / 3) * 3, "0");
  const parts = digits.match(/\d{3}/g) ?? ["000"];
  return parts.map((part, at) => (at < parts.length - 1 ? `x${part}` : part)).join("/");
};

/** The path of a tile below the log's address; `width` 256 is a full one. */
export const tilePath = (level: number | "entries", n: number, width: number): string =>
  `tile/${level}/${tileNumber(n)}${width === 256 ? "" : `.p/${width}`}`;

/** Reads such a path, without the leading "tile/"; null for every other spelling. */
export const readTilePath = (
  path: string,
): { level: number | "entries"; n: number; width: number } | null => {
  const parts = /^(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path);
  if (!parts) return null;
  const level = parts[1] === "entries" ? ("entries" as const) : Number(parts[1]);
  const n = Number((parts[2] as string).replace(/[x/]/g, ""));
  const width = parts[3] === undefined ? 256 : Number(parts[3]);
  if (!Number.isSafeInteger(n) || width > 256 || (parts[3] !== undefined && width === 256)) return null;
  if (level !== "entries" && level > 6) return null;
  return tileNumber(n) === parts[2] ? { level, n, width } : null;
};

/** How many hashes of a level a log of so many entries has in that tile. */
export const widthOf = (size: number, level: number | "entries", n: number): number =>
  Math.max(0, Math.min(256, Math.floor(size / 256 ** (level === "entries" ? 0 : level)) - n * 256));

/** An entry may have so many bytes: its length stands before it in two. */
export const longestEntry = 65_535;

/** Entries as a bundle holds them: each with its length in two bytes, big-endian. */
export const bundleOf = (entries: readonly Uint8Array[]): Bytes => {
  const bytes = new Uint8Array(entries.reduce((sum, { length }) => sum + 2 + length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > longestEntry)
      throw new RangeError(`An entry has ${entry.length} bytes; ${longestEntry} is the most`);
    bytes[at] = entry.length >> 8;
    bytes[at + 1] = entry.length & 255;
    bytes.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bytes;
};

/** The entries of a bundle; null when it is cut short or has another number of them. */
export const entriesOf = (bundle: Uint8Array, count: number): Bytes[] | null => {
  const entries: Bytes[] = [];
  let at = 0;
  while (at < bundle.length) {
    if (at + 2 > bundle.length) return null;
    const length = ((bundle[at] as number) << 8) | (bundle[at + 1] as number);
    if (at + 2 + length > bundle.length) return null;
    entries.push(bundle.slice(at + 2, at + 2 + length) as Bytes);
    at += 2 + length;
    if (entries.length > count) return null;
  }
  return entries.length === count ? entries : null;
};
