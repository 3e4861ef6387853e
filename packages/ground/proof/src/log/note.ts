import { type Bytes, base64url, fromBase64url, joined, sameBytes, utf8 } from "../bytes.ts";
import { isSmallOrder, type SigningKey } from "../keys.ts";
import { sha256Now } from "../sha256.ts";

// C2SP signed-note, tlog-checkpoint and tlog-cosignature.

/** Base64 with padding, as notes write it. */
export const base64 = (bytes: Uint8Array): string => {
  const text = base64url(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
};

/** Reads padded base64; null for every other spelling. */
export const fromBase64 = (text: string): Bytes | null => {
  const bytes = fromBase64url(text.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_"));
  return bytes && base64(bytes) === text ? bytes : null;
};

/** What a key signs: a log's note, or a witness's cosignature with its time. */
export type NoteKeyKind = "log" | "witness";

const kindByte = { log: 1, witness: 4 } as const;

/** Who signs notes: a name and a public key of 32 bytes. */
export type NoteKey = { readonly name: string; readonly kind: NoteKeyKind; readonly publicKey: Bytes };

/** First four bytes of SHA-256(name, LF, kind, public key). */
export const noteKeyId = ({ name, kind, publicKey }: NoteKey): Bytes =>
  sha256Now(joined(utf8(`${name}\n`), Uint8Array.of(kindByte[kind]), publicKey)).slice(0, 4) as Bytes;

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A key as text: name+hash+key, the form that tools of the transparency world take. */
export const noteKeyText = (key: NoteKey): string =>
  `${key.name}+${hexOf(noteKeyId(key))}+${base64(joined(Uint8Array.of(kindByte[key.kind]), key.publicKey))}`;

/** Reads such a text; null when it is none, its hash does not fit, or the key is of small order. */
export const readNoteKey = (text: string): NoteKey | null => {
  const [, name, id, data] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? [];
  const bytes = data ? fromBase64(data) : null;
  if (!name || bytes?.length !== 33) return null;
  const kind = bytes[0] === 1 ? "log" : bytes[0] === 4 ? "witness" : null;
  if (!kind) return null;
  const key: NoteKey = { name, kind, publicKey: bytes.slice(1) as Bytes };
  return hexOf(noteKeyId(key)) === id && !isSmallOrder(key.publicKey) ? key : null;
};

export type NoteSignature = { readonly name: string; readonly id: Bytes; readonly signature: Bytes };

export type Checkpoint = {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  /** The signed text, its last line feed included. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
};

/** More than any checkpoint with a hundred witnesses. */
const longestNote = 100_000;

/** What of a checkpoint is signed. */
export const checkpointText = (origin: string, size: number, root: Bytes): string =>
  `${origin}\n${size}\n${base64(root)}\n`;

const readSignature = (line: string): NoteSignature | null => {
  const [, name, data] = /^\u2014 ([^\s+]+) (\S+)$/.exec(line) ?? [];
  const bytes = data ? fromBase64(data) : null;
  if (!name || !bytes || bytes.length < 5) return null;
  return { name, id: bytes.slice(0, 4) as Bytes, signature: bytes.slice(4) as Bytes };
};

/** Reads a checkpoint's note; null when it is none. Its signatures are not judged here. */
export const readCheckpoint = (note: string): Checkpoint | null => {
  if (note.length > longestNote || !note.isWellFormed()) return null;
  const parting = note.lastIndexOf("\n\n");
  if (parting < 0 || !note.endsWith("\n")) return null;
  const text = note.slice(0, parting + 1);
  const [origin, size, root] = text.split("\n");
  const bytes = root ? fromBase64(root) : null;
  if (!origin || !size || !/^(0|[1-9]\d{0,15})$/.test(size) || bytes?.length !== 32) return null;
  if (!Number.isSafeInteger(Number(size))) return null;
  const signatures = note
    .slice(parting + 2, -1)
    .split("\n")
    .map(readSignature);
  if (!signatures.every((signature) => signature !== null)) return null;
  return { origin, size: Number(size), root: bytes, text, signatures };
};

/** A line to be put under a note. */
export const signatureLine = (key: NoteKey, signature: Uint8Array): string =>
  `\u2014 ${key.name} ${base64(joined(noteKeyId(key), signature))}\n`;

/** The note of a checkpoint with its log's signature. */
export const signCheckpoint = async (
  name: string,
  key: SigningKey,
  { size, root }: { size: number; root: Bytes },
): Promise<string> => {
  const text = checkpointText(name, size, root);
  const publicKey = fromBase64url(key.publicKey) as Bytes;
  const signature = fromBase64url(await key.sign(utf8(text))) as Bytes;
  return `${text}\n${signatureLine({ name, kind: "log", publicKey }, signature)}`;
};

const cosigned = (time: number, text: string): Bytes => utf8(`cosignature/v1\ntime ${time}\n${text}`);

const timeBytes = (time: number): Bytes => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(time));
  return bytes;
};

/** A witness's line under a checkpoint, with the second at which it saw it. */
export const cosign = async (name: string, key: SigningKey, text: string, time: number): Promise<string> => {
  const publicKey = fromBase64url(key.publicKey) as Bytes;
  const signature = fromBase64url(await key.sign(cosigned(time, text))) as Bytes;
  return signatureLine({ name, kind: "witness", publicKey }, joined(timeBytes(time), signature));
};

const verified = async (publicKey: Bytes, bytes: Bytes, signature: Bytes): Promise<boolean> => {
  if (signature.length !== 64 || isSmallOrder(publicKey)) return false;
  const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]).catch(() => null);
  return key !== null && crypto.subtle.verify("Ed25519", key, signature, bytes);
};

/** Later than any date that can be written. */
const lastSecond = 253_402_300_799;

/** The last of some seconds as a moment; null of none. */
export const lastOf = (seconds: readonly number[]): string | null =>
  seconds.length > 0 ? new Date(Math.max(...seconds) * 1000).toISOString() : null;

/**
 * Whether a key signed a checkpoint; a witness's answer is the second of its signature. Signatures by others are
 * passed over; one under the key's own name and id that does not hold makes it false.
 */
export const signedAt = async (checkpoint: Checkpoint, key: NoteKey): Promise<number | boolean> => {
  const id = noteKeyId(key);
  const own = checkpoint.signatures.filter((each) => each.name === key.name && sameBytes(each.id, id));
  const [first] = own;
  if (!first) return false;
  if (key.kind === "log") return verified(key.publicKey, utf8(checkpoint.text), first.signature);
  if (first.signature.length !== 72) return false;
  const time = Number(new DataView(first.signature.buffer, first.signature.byteOffset).getBigUint64(0));
  if (time > lastSecond) return false;
  const holds = await verified(
    key.publicKey,
    cosigned(time, checkpoint.text),
    first.signature.slice(8) as Bytes,
  );
  return holds ? time : false;
};
