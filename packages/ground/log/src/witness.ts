import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Clock, textUpTo } from "@evx/kernel";
import { type Bytes, fromHex, hex, type SigningKey } from "@evx/proof";
import {
  cosign,
  emptyRoot,
  fromBase64,
  isConsistent,
  type NoteKey,
  readCheckpoint,
  signedAt,
} from "@evx/proof/log";

/** The last checkpoint that a witness put its name under, by the log's origin. */
type Seen = { [origin: string]: { size: number; root: string } };

export type WitnessSettings = {
  readonly name: string;
  readonly key: SigningKey;
  /** The logs that it watches. */
  readonly logs: readonly NoteKey[];
  /** Where it keeps what it saw. */
  readonly folder: string;
  readonly clock: Clock;
};

/** Written whole and flushed before it takes the place of the one before it: a power cut leaves one of the two. */
const keep = (folder: string, seen: Seen): void => {
  const file = join(folder, "witness.json");
  const fresh = openSync(`${file}.new`, "w", 0o600);
  writeSync(fresh, JSON.stringify(seen));
  fsyncSync(fresh);
  closeSync(fresh);
  renameSync(`${file}.new`, file);
  const dir = openSync(folder, "r");
  fsyncSync(dir);
  closeSync(dir);
};

const seenIn = (folder: string): Seen => {
  const file = join(folder, "witness.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Seen) : {};
};

/** More than a proof of 63 lines and a checkpoint take. */
const longestBody = 20_000;

/** Old size, proof and checkpoint of a request as tlog-witness writes it; null for anything else. */
const readRequest = (body: string): { old: number; proof: Bytes[]; note: string } | null => {
  const parting = body.indexOf("\n\n");
  if (body.length > longestBody || parting < 0) return null;
  const [first = "", ...lines] = body.slice(0, parting).split("\n");
  const size = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1];
  const proof = lines.map(fromBase64);
  if (size === undefined || proof.length > 63) return null;
  if (!proof.every((hash): hash is Bytes => hash?.length === 32)) return null;
  return { old: Number(size), proof, note: body.slice(parting + 2) };
};

const sized = (size: number): Response =>
  new Response(`${size}\n`, { status: 409, headers: { "content-type": "text/x.tlog.size" } });

/**
 * A witness (C2SP tlog-witness): POST /add-checkpoint puts its cosignature under a checkpoint that goes on from the
 * last one it saw. 404 for a log that it does not watch, 403 for a signature that does not hold, 409 with the size it
 * has when the old size is another (or the root of the same size is: a fork), 422 for a proof that does not lead.
 * One at a time, and written down before it answers, so no two answers contradict each other.
 */
export const createWitness = ({ name, key, logs, folder, clock }: WitnessSettings) => {
  let turn: Promise<unknown> = Promise.resolve();

  const judge = async (body: string): Promise<Response> => {
    const request = readRequest(body);
    const checkpoint = request && readCheckpoint(request.note);
    if (!checkpoint) return new Response("This is no request for a cosignature.\n", { status: 400 });
    const log = logs.find(({ name: origin }) => origin === checkpoint.origin);
    if (!log) return new Response("This witness does not watch that log.\n", { status: 404 });
    if ((await signedAt(checkpoint, log)) !== true)
      return new Response("The log did not sign this checkpoint.\n", { status: 403 });
    if (request.old > checkpoint.size) return new Response("It is older than its past.\n", { status: 400 });
    const seen = seenIn(folder);
    const last = seen[log.name] ?? { size: 0, root: hex(emptyRoot) };
    if (request.old !== last.size) return sized(last.size);
    const before = { size: last.size, root: fromHex(last.root) as Bytes };
    if (before.size === checkpoint.size && last.root !== hex(checkpoint.root)) return sized(last.size);
    if (!isConsistent(before, checkpoint, request.proof))
      return new Response("The proof does not lead from the old checkpoint to this one.\n", { status: 422 });
    keep(folder, { ...seen, [log.name]: { size: checkpoint.size, root: hex(checkpoint.root) } });
    const time = Math.floor(clock.now().getTime() / 1000);
    return new Response(await cosign(name, key, checkpoint.text, time));
  };

  return async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname === "/health") return Response.json({ status: "healthy", name });
    if (pathname !== "/add-checkpoint" || request.method !== "POST")
      return new Response("Not found\n", { status: 404 });
    if (Number(request.headers.get("content-length") ?? 0) > longestBody)
      return new Response("Too long.\n", { status: 413 });
    // A length is told by whom one does not know, or not at all.
    const body = await textUpTo(request, longestBody);
    if (body === null) return new Response("Too long.\n", { status: 413 });
    const mine = turn.then(() => judge(body));
    turn = mine.catch(() => {});
    return mine;
  };
};
