import type { Db, Tx } from "@evx/db";
import { minute_ms } from "@evx/kernel";
import { crossText, type SigningKey, utf8 } from "@evx/proof";
import { refuse } from "./errors.ts";
import type { CertificatePorts } from "./ports.ts";
import { addKeys, type KeyToAdd, keyRows } from "./queries/keys.ts";

/** Every public key that was entered, or those that will sign first: what a verifier offline trusts. */
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
  // One that comes after others is not the venue's before it was entered, vouched for, and logged.
  const fresh = (known.length === 0 ? ports.keys.all : []).map(({ id, publicKey }) => ({
    id,
    publicKey,
    addedAt: now,
    withdrawnAt: null,
    cross: null,
  }));
  return [...known, ...fresh].map((key) => ({ ...key, algorithm: "Ed25519" as const }));
};

/**
 * The venue's keys, oldest first; each but the first is signed by one before it that was not withdrawn, so that an old pin
 * leads to it. Refuses `signing_key_withdrawn` where none is left that could vouch.
 */
const vouched = (keys: readonly SigningKey[], ended: ReadonlySet<string>): Promise<KeyToAdd[]> => {
  const oldestFirst = keys.toReversed();
  return Promise.all(
    oldestFirst.map(async (key, at) => {
      const before = oldestFirst.slice(0, at).findLast(({ id }) => !ended.has(id));
      if (at > 0 && !before) throw refuse("signing_key_withdrawn");
      const cross = before ? { by: before.id, signature: await before.sign(utf8(crossText(key))) } : null;
      return { id: key.id, publicKey: key.publicKey, cross };
    }),
  );
};

/**
 * Publishes the keys of the environment: known ones stay as they are. By the venue itself as it first signs; every later key
 * with the rights of the database's owner alone.
 */
export const publishKeys = async (tx: Tx, ports: Pick<CertificatePorts, "keys">): Promise<void> => {
  const rows = await keyRows(tx);
  const ended = new Set(rows.flatMap(({ id, withdrawn_at }) => (withdrawn_at ? [id] : [])));
  await addKeys(tx, await vouched(ports.keys.all, ended));
};

/** Whoever waited for another to publish the key began before it: run again, it begins after. Postgres's own word for that. */
class BegunBeforeKey extends Error {
  override readonly name = "BegunBeforeKey";
  readonly code = "40001";
}

/**
 * Makes sure that the key that is about to sign is published, and was before this transaction began: a certificate that is
 * dated before its key is no certificate. Refuses `signing_key_withdrawn` when it was ended, and `signing_key_unknown` when it
 * is a later one that the operator has not entered.
 */
export const ensureKey = async (tx: Tx, ports: Pick<CertificatePorts, "keys">): Promise<void> => {
  const mine = async () => {
    const rows = await keyRows(tx);
    return { rows, current: rows.find(({ id }) => id === ports.keys.current.id) };
  };
  const { rows, current } = await mine();
  if (current?.withdrawn_at) throw refuse("signing_key_withdrawn");
  if (!current && rows.length > 0) throw refuse("signing_key_unknown");
  if (!current) await publishKeys(tx, ports);
  // Another may have published it while this one waited to.
  const published = current ?? (await mine()).current;
  const early_ms = published ? published.added_at.getTime() - tx.at.getTime() : 0;
  // More than a minute is no waiting but a wrong clock, which running again does not set; monitors see what it dates.
  if (early_ms > 0 && early_ms < minute_ms)
    throw new BegunBeforeKey("The key was published after this transaction began.");
};
