#!/usr/bin/env node
// What a stranger runs: npx https://exchange.example/evx-proof.tgz monitor https://exchange.example. Node's own modules and no others.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { checkBatch } from "./batch.ts";
import { verifyHolding } from "./holding.ts";
import { noteKeyText } from "./log/index.ts";
import { monitor, overNetwork, type Pinned, readRemembered } from "./monitor.ts";
import { trustIn } from "./registry.ts";
import { readStrictly } from "./strict-json.ts";
import { type Trust, verifyCertificate } from "./verify.ts";

const usage = `evx-proof monitor URL [--state FILE] [--registry FILE]
                                             watch a registry; the state's FILE remembers it from run to run
evx-proof verify FILE [--registry FILE]      check a certificate's file
evx-proof holding FILE [--registry FILE] [--holder NUMBER]
                                             check that a balance is in the day's book
evx-proof batch URL NUMBER [--registry FILE] check that a batch's trips are those that were logged

--registry says whom you trust: a copy of URL/.well-known/evx-registry.json that you kept, or that address itself, which is
only as good as the connection. Exit code 0 means that all of it holds, is in the public log, had not been revoked as its
signed status says, and is by somebody you know; 1 that something does not; 2 that the command was not understood.`;

const options = new Map<string, string>();
const words: string[] = [];
const given = process.argv.slice(2);
for (let at = 0; at < given.length; at++) {
  const word = given[at] as string;
  if (word.startsWith("--")) options.set(word.slice(2), given[++at] ?? "");
  else words.push(word);
}

const [command, subject, number] = words;

const mostFacts_bytes = 1 << 20;

const read = async (file: string): Promise<string> => {
  if (!/^https?:\/\//.test(file)) return readFileSync(file, "utf8");
  const answer = await overNetwork(file, mostFacts_bytes);
  if (!answer) throw new Error(`There is nothing at ${file}.`);
  return new TextDecoder().decode(answer);
};

const trustGiven = async (): Promise<Trust> => {
  const file = options.get("registry");
  if (!file) return {};
  let facts: unknown = null;
  const text = await read(file);
  try {
    facts = readStrictly(text);
  } catch {}
  const trust = trustIn(facts);
  if (!trust)
    throw new Error(`${file} is not an evx-registry/1: keep a copy of URL/.well-known/evx-registry.json.`);
  return trust;
};

/** Of a registry's facts that were kept: its log's key, and whom it promised as witnesses. */
const pinnedBy = ({ log, witnesses = [], wanted = 0 }: Trust): Pinned | null =>
  log ? { key: noteKeyText(log), witnesses: witnesses.map(noteKeyText), wanted } : null;

const print = (value: unknown): void =>
  console.log(JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? inner.toString() : inner), 2));

const watched = async (url: string): Promise<boolean> => {
  const file = options.get("state");
  const remembered = file && existsSync(file) ? readRemembered(readFileSync(file, "utf8")) : null;
  if (file && existsSync(file) && !remembered) throw new Error(`${file} is not what a monitor wrote.`);
  const pinned = pinnedBy(await trustGiven());
  const report = await monitor({ url, fetch: overNetwork, remembered, pinned });
  const { faults, size, witnessed, witnessedAt, remember, book } = report;
  const { issued, retired, cancelled } = book;
  print({
    ok: faults.length === 0,
    entries: size,
    witnessed,
    witnessedAt,
    issued,
    retired,
    cancelled,
    faults,
  });
  if (file && remember && faults.length === 0) {
    writeFileSync(`${file}.new`, JSON.stringify(remember));
    renameSync(`${file}.new`, file);
  }
  return faults.length === 0;
};

const run = async (): Promise<boolean | null> => {
  if (command === "monitor" && subject) return watched(subject);
  if (command === "verify" && subject) {
    const verdict = await verifyCertificate(readFileSync(subject, "utf8"), await trustGiven());
    const { verdict: word, certificate, checks } = verdict;
    // What nobody logged, a thief of the signing key may have made; from what was revoked, its status may be taken away.
    const holds = (asked: string): boolean => checks.some(({ name, ok }) => name === asked && ok === true);
    const [logged, standing] = [holds("log"), holds("revocation")];
    print({ verdict: word, logged, standing, number: certificate?.number ?? null, checks });
    return word === "genuine" && logged && standing;
  }
  if (command === "holding" && subject) {
    const holder = options.get("holder");
    const trust = await trustGiven();
    const verdict = await verifyHolding(readFileSync(subject, "utf8"), {
      ...trust,
      ...(holder ? { holder } : {}),
    });
    print({ ...verdict, grams: Object.fromEntries(verdict.grams) });
    return verdict.ok && trust.log !== undefined;
  }
  if (command === "batch" && subject && number) {
    const trust = await trustGiven();
    const verdict = await checkBatch({ url: subject, number, fetch: overNetwork }, trust);
    print(verdict);
    return verdict.ok && trust.log !== undefined;
  }
  return null;
};

try {
  const held = await run();
  if (held === null) console.error(usage);
  process.exitCode = held === null ? 2 : held ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
