import type { Db, Tx } from "@evx/db";
import { crossText, type SigningKey, utf8 } from "@evx/proof";
import { refuse } from "./errors.ts";
import type { CertificatePorts } from "./ports.ts";
import { addKeys, type KeyToAdd, keyRows } from "./queries/keys.ts";

/** Every public key that ever signed, and the one that will sign next: what a verifier offline trusts. */
export const publicKeys = async (db: Db, ports: CertificatePorts, now: Date) => {
  const known = (await keyRows(db)).map((row) => ({
    id: row.id,
    publicKey: row.public_key,
    addedAt: row.added_at,
    withdrawnAt: row.withdrawn_at,
    cross:
      row.signed_by !== null && row.cross_signature !== null
        ? { by: row.signed_by, signature: row.cross_signature }
        : null,
  }));
  const fresh = ports.keys.all
    .filter(({ id }) => !known.some((key) => key.id === id))
    .map(({ id, publicKey }) => ({ id, publicKey, addedAt: now, withdrawnAt: null, cross: null }));
  return [...known, ...fresh].map((key) => ({ ...key, algorithm: "Ed25519" as const }));
};

/** The venue's keys, oldest first; each but the first is signed by the one before it, so that an old pin leads to it. */
const vouched = (keys: readonly SigningKey[]): Promise<KeyToAdd[]> => {
  const oldestFirst = keys.toReversed();
  return Promise.all(
    oldestFirst.map(async (key, at) => {
      const before = oldestFirst[at - 1];
      const cross = before ? { by: before.id, signature: await before.sign(utf8(crossText(key))) } : null;
      return { id: key.id, publicKey: key.publicKey, cross };
    }),
  );
};

/**
 * Publishes the keys of the environment: known ones stay as they are. Before anything is signed with them. Refuses
 * `signing_key_withdrawn` when the one that would sign was ended.
 */
export const publishKeys = async (tx: Tx, ports: Pick<CertificatePorts, "keys">): Promise<void> => {
  const rows = await keyRows(tx);
  const known = new Set(rows.map(({ id }) => id));
  if (rows.some(({ id, withdrawn_at }) => id === ports.keys.current.id && withdrawn_at !== null))
    throw refuse("signing_key_withdrawn");
  if (ports.keys.all.every(({ id }) => known.has(id))) return;
  await addKeys(tx, await vouched(ports.keys.all));
};
