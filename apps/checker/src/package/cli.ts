#!/usr/bin/env node
// What a stranger runs: npx https://exchange.example/evx-proof.tgz monitor https://exchange.example. Node's own modules and no others.
import { closeSync, existsSync, openSync, readSync, renameSync, writeFileSync } from "node:fs";
import {
  certificateText,
  checkBatch,
  joined,
  longestFile,
  pinnedBy,
  readStrictly,
  type Trust,
  trustIn,
  Unreadable,
  verifyCertificate,
  verifyHolding,
} from "@evx/proof";
import { checkSnapshot } from "@evx/proof/daily";
import { monitor, overNetwork, readRemembered } from "@evx/proof/monitor";
import { standsInLog } from "@evx/proof/stands";
import { type Asked, readArguments } from "./arguments.ts";

const usage = `evx-proof monitor URL [--state FILE] [--registry FILE]
                                             watch a registry; the state's FILE remembers it from run to run
evx-proof verify FILE [--registry FILE] [--log URL]
                                             check a certificate's file, the JSON or the PDF that carries
                                             it; with --log also that the registry's log, read
                                             from its first entry to its last, says of it now what the file says
evx-proof holding FILE [--registry FILE] [--holder NUMBER]
                                             check that a balance is in the day's book
evx-proof batch URL NUMBER [--registry FILE] check that a batch's trips are those that were logged
evx-proof snapshot URL DAY [--registry FILE] check that a day's snapshot (2026-11-28) is signed and logged, and
                                             that its rows are what the log's entries gave when it was taken

--registry says whom you trust: a copy of URL/.well-known/evx-registry.json that you kept, or that address itself, which is
only as good as the connection. Exit code 0 means that all of it holds, is in the public log, had neither been revoked nor
wholly passed on as its signed status says, and is by somebody you know; 1 that something does not; 2 that the command was
not understood.`;

const mostFacts_bytes = 1 << 20;

/** A file's bytes, up to so many: what is no file (a device, a pipe) may never end. */
const bytesOf = (file: string, most: number): Uint8Array => {
  const handle = openSync(file, "r");
  try {
    const parts: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const part = new Uint8Array(1 << 16);
      const read = readSync(handle, part);
      if (read === 0) break;
      length += read;
      if (length > most) throw new Error(`${file} has more than ${most} bytes.`);
      parts.push(part.subarray(0, read));
    }
    return joined(...parts);
  } finally {
    closeSync(handle);
  }
};

const textOf = (file: string, most: number): string => text(bytesOf(file, most), file);

const text = (bytes: Uint8Array, from: string): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error(`${from} has bytes that are no text (UTF-8).`);
  }
};

const read = async (file: string, most: number): Promise<string> => {
  if (!/^https?:\/\//i.test(file)) return textOf(file, most);
  const answer = await overNetwork(file, most);
  if (!answer) throw new Error(`There is nothing at ${file}.`);
  return text(answer, file);
};

const trustFrom = async (file: string | undefined): Promise<Trust> => {
  if (file === undefined) return {};
  let facts: unknown = null;
  const found = await read(file, mostFacts_bytes);
  try {
    facts = readStrictly(found);
  } catch {}
  const trust = trustIn(facts);
  if (!trust)
    throw new Error(`${file} is not an evx-registry/1: keep a copy of URL/.well-known/evx-registry.json.`);
  return trust;
};

/** What a terminal obeys instead of showing it, or shows in another order: a file's words must not write over ours. */
const unshown = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const shown = (line: string): string =>
  line.replace(unshown, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** A sentence or name, no longer than a reader reads. */
const longestWord = 2_000;

const print = (value: unknown): void => {
  const plain = (_: string, inner: unknown): unknown => {
    if (typeof inner === "bigint") return inner.toString();
    return typeof inner === "string" && inner.length > longestWord
      ? `${inner.slice(0, longestWord)}…`
      : inner;
  };
  console.log(shown(JSON.stringify(value, plain, 2)));
};

type Options = Asked["options"];

const watched = async (url: string, options: Options): Promise<boolean> => {
  const file = options.get("state");
  const kept = file !== undefined && existsSync(file) ? textOf(file, mostFacts_bytes) : null;
  const remembered = kept === null ? null : readRemembered(kept);
  if (kept !== null && !remembered) throw new Error(`${file} is not what a monitor wrote.`);
  const pinned = pinnedBy(await trustFrom(options.get("registry")));
  const report = await monitor({ url, fetch: overNetwork, remembered, pinned });
  const { faults, size, witnessed, witnessedAt, remember, book } = report;
  const { issued, retired, cancelled } = book;
  const ok = faults.length === 0;
  print({ ok, entries: size, witnessed, witnessedAt, issued, retired, cancelled, faults });
  if (file !== undefined && remember && ok) {
    writeFileSync(`${file}.new`, JSON.stringify(remember));
    renameSync(`${file}.new`, file);
  }
  return ok;
};

/** A certificate's text: its JSON, or what its PDF carries. */
const certificateIn = async (file: string): Promise<string> => {
  try {
    return await certificateText(bytesOf(file, longestFile));
  } catch (error) {
    throw error instanceof Unreadable ? new Error(`${file} cannot be read. ${error.message}`) : error;
  }
};

const verified = async (file: string, options: Options): Promise<boolean> => {
  const [found, trust] = [await certificateIn(file), await trustFrom(options.get("registry"))];
  const { verdict, certificate, checks, standing } = await verifyCertificate(found, trust);
  // What nobody logged, a thief of the signing key may have made; from what was revoked, its status may be taken away.
  const holds = (asked: string): boolean => checks.some(({ name, ok }) => name === asked && ok === true);
  const logged = holds("log");
  const good = verdict === "genuine" && logged && standing.good;
  const url = options.get("log");
  const faults = url === undefined ? [] : await standsInLog({ url, fetch: overNetwork, file: found, trust });
  const { status, asOf, current } = standing;
  print({
    verdict,
    logged,
    standing: standing.good,
    status,
    asOf,
    current,
    number: certificate?.number ?? null,
    checks,
    ...(url === undefined ? {} : { faults }),
  });
  return good && faults.length === 0;
};

const run = async ({ command, words, options }: Asked): Promise<boolean> => {
  const [subject = "", number = ""] = words;
  if (command === "monitor") return watched(subject, options);
  if (command === "verify") return verified(subject, options);
  const trust = await trustFrom(options.get("registry"));
  if (command === "holding") {
    const holder = options.get("holder");
    const asked = { ...trust, ...(holder === undefined ? {} : { holder }) };
    const verdict = await verifyHolding(textOf(subject, longestFile), asked);
    print({ ...verdict, grams: Object.fromEntries(verdict.grams) });
    return verdict.ok && verdict.grams.size > 0 && trust.log !== undefined;
  }
  if (command === "snapshot") {
    const verdict = await checkSnapshot({ url: subject, day: number, fetch: overNetwork }, trust);
    print({ ok: verdict.faults.length === 0, ...verdict });
    return verdict.faults.length === 0;
  }
  const verdict = await checkBatch({ url: subject, number, fetch: overNetwork }, trust);
  print(verdict);
  return verdict.ok && trust.log !== undefined;
};

const asked = readArguments(process.argv.slice(2));
try {
  if (asked === null) console.log(usage);
  else if (typeof asked === "string") {
    console.error(shown(`${asked}\n\n${usage}`));
    process.exitCode = 2;
  } else process.exitCode = (await run(asked)) ? 0 : 1;
} catch (error) {
  console.error(shown(error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
}
