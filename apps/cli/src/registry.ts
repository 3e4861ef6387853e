import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { monitor, overNetwork, type Remembered, readRemembered } from "@evx/proof/monitor";
import { Failed } from "./failed.ts";
import type { Venue } from "./venues.ts";

const rememberedIn = (file: string): Remembered | null => {
  if (!existsSync(file)) return null;
  const value = readRemembered(readFileSync(file, "utf8"));
  if (!value) throw new Failed(`${file} is not what a monitor wrote.`);
  return value;
};

const keep = (file: string | undefined, remember: Remembered | null): void => {
  if (!file || !remember) return;
  writeFileSync(`${file}.new`, JSON.stringify(remember));
  renameSync(`${file}.new`, file);
};

/**
 * Watches a registry from outside. With a state file it also sees what was rewritten since the last run; the file is
 * written anew only when nothing is wrong.
 */
export const watchRegistry = async (url: string, { state }: { state?: string | undefined } = {}) => {
  const remembered = state ? rememberedIn(state) : null;
  const report = await monitor({ url, fetch: overNetwork, remembered });
  const { faults, remember, size, witnessed, witnessedAt, book } = report;
  const answer = {
    ok: faults.length === 0,
    entries: size,
    witnessed,
    witnessedAt,
    issued: book.issued,
    retired: book.retired,
    cancelled: book.cancelled,
    faults,
  };
  if (faults.length > 0) throw new Failed(`${faults.length} fault(s); the first: ${faults[0]}`, answer);
  keep(state, remember);
  return answer;
};

type Inside = { faults: string[] };

/**
 * The same from inside: every row against the documents and moves that it stands on, the schema against this version's,
 * every signature and the audit trail, and every batch computed again from its trips. With a state file it also sees
 * what was numbered again since the last run. The first fault is told in a sentence, all of them in the answer.
 */
export const verifyRegistry = async (venue: Venue, { state }: { state?: string | undefined } = {}) => {
  const remembered = state ? rememberedIn(state) : null;
  const asked = remembered ? { remembered } : undefined;
  const { remember, ...seen } = (await venue.invoke(
    "verification.certificates.verifyAll",
    "query",
    asked,
  )) as Inside & { remember: Remembered | null };
  const issued = (await venue.invoke("verification.review.verifyIssued", "query", undefined)) as Inside & {
    batches: number;
  };
  const faults = [...seen.faults, ...issued.faults];
  const answer = { ...seen, recomputed: issued.batches, faults };
  if (faults[0]) throw new Failed(`${faults.length} fault(s); the first: ${faults[0]}`, answer);
  keep(state, remember);
  return answer;
};
