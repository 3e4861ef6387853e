import type { Db, Tx } from "@evx/db";
import type { CertificatePorts } from "./ports.ts";
import { addKeys, keyRows } from "./queries/keys.ts";

/** Every public key that ever signed, and the one that will sign next: what a verifier offline trusts. */
export const publicKeys = async (db: Db, ports: CertificatePorts, now: Date) => {
  const known = (await keyRows(db)).map((row) => ({
    id: row.id,
    publicKey: row.public_key,
    addedAt: row.added_at,
  }));
  const fresh = ports.keys.all
    .filter(({ id }) => !known.some((key) => key.id === id))
    .map(({ id, publicKey }) => ({ id, publicKey, addedAt: now }));
  return [...known, ...fresh].map((key) => ({ ...key, algorithm: "Ed25519" as const }));
};

/** Publishes the keys of the environment; a server does it once when it starts. */
export const publishKeys = (tx: Tx, ports: Pick<CertificatePorts, "keys">): Promise<void> =>
  addKeys(tx, ports.keys.all);
