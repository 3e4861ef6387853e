import type { Db, Tx } from "@evx/db";
import { textUpTo } from "@evx/kernel";
import { base64, consistencyPath, type NoteKey, readCheckpoint, readNoteKey, signedAt } from "@evx/proof/log";
import { cosignatures, keepCosignature, lastCheckpoint } from "./queries/log.ts";
import { tilesIn } from "./sequencer.ts";

/** Somebody else who watches the log, and where to ask them. */
export type Witness = { readonly url: string; readonly key: NoteKey };

/** Reads `URL=name+hash+key`, several between commas. Throws a RangeError that names what it cannot read. */
export const readWitnesses = (text: string): Witness[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const at = part.indexOf("=");
      const key = readNoteKey(part.slice(at + 1));
      if (at < 0 || !key || key.kind !== "witness")
        throw new RangeError(`${part} is not a witness: write URL=name+hash+key`);
      return { url: part.slice(0, at).replace(/\/$/, ""), key };
    });

const patience_ms = 3_000;

/** More than a cosignature, a size or a reason takes. */
const longestAnswer = 10_000;

const ask = (witness: Witness, old: number, proof: readonly string[], note: string): Promise<Response> =>
  fetch(`${witness.url}/add-checkpoint`, {
    method: "POST",
    body: `old ${old}\n${proof.map((line) => `${line}\n`).join("")}\n${note}`,
    signal: AbortSignal.timeout(patience_ms),
    // A witness answers itself: where it would send the venue is not asked.
    redirect: "manual",
  });

/** A witness's line under the checkpoint; null when it gives none, with the reason. */
const cosignatureOf = async (
  db: Db,
  witness: Witness,
  { size, note }: { size: number; note: string },
  known: number,
): Promise<{ line: string } | { refused: string }> => {
  let old = known;
  // A witness that has another size says so, and is asked again from there.
  for (let round = 0; round < 3; round++) {
    const proof = (await consistencyPath(tilesIn(db), old, size)).map(base64);
    const answer = await ask(witness, old, proof, note);
    const text = await textUpTo(answer, longestAnswer);
    if (text === null) return { refused: `answers more than ${longestAnswer} bytes` };
    if (answer.status === 409) {
      const has = Number(text.trim());
      if (!Number.isSafeInteger(has) || has > size || has === old)
        return { refused: `has ${text.trim().slice(0, 20)} entries and does not go on from there` };
      old = has;
      continue;
    }
    if (answer.status !== 200) return { refused: `${answer.status}: ${text.trim().slice(0, 200)}` };
    const signed = readCheckpoint(note + text);
    if (!signed || typeof (await signedAt(signed, witness.key)) !== "number")
      return { refused: "its cosignature does not hold" };
    return { line: text };
  }
  return { refused: "it does not settle on a size" };
};

export type WitnessLog = (fields: object, message: string) => void;

/**
 * Asks every witness that has not signed the newest checkpoint yet. What comes is kept beside it; one that is silent
 * or refuses is told to the log, and asked again with the next checkpoint.
 */
export const askWitnesses = async (
  db: Db,
  transact: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  witnesses: readonly Witness[],
  warn: WitnessLog,
): Promise<number> => {
  const last = await lastCheckpoint(db);
  if (!last) return 0;
  const have = new Set((await cosignatures(db, last.size)).map(({ name }) => name));
  const published = { size: Number(last.size), note: last.note };
  const missing = witnesses.filter(({ key }) => !have.has(key.name));
  const got = await Promise.all(
    missing.map(async (witness) => {
      try {
        const answer = await cosignatureOf(db, witness, published, published.size);
        if ("line" in answer) {
          const { line } = answer;
          await transact((tx) => keepCosignature(tx, { size: last.size, name: witness.key.name, line }));
          return 1;
        }
        warn({ witness: witness.key.name, refused: answer.refused }, "a witness refused the checkpoint");
      } catch (error) {
        warn({ witness: witness.key.name, error }, "a witness did not answer");
      }
      return 0;
    }),
  );
  return have.size + got.reduce<number>((sum, one) => sum + one, 0);
};
