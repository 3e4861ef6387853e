import type { Db } from "@evx/db";
import { newId } from "@evx/kernel";
import { symmetricDecrypt } from "better-auth/crypto";
import { addKeyRow, keyRowsOfTokens, type TokenKeyRow } from "./queries/signing-keys.ts";

/** A key as better-auth handles it: both halves are JSON text, the private one encrypted. */
type Jwk = {
  id: string;
  publicKey: string;
  privateKey: string;
  createdAt: Date;
  expiresAt?: Date;
  alg?: "EdDSA";
  crv?: "Ed25519";
};

type MadeKey = { publicKey: string; privateKey: string; expiresAt?: Date | undefined };

/**
 * Whether a key was made by who has the secret: its private half opens with it and fits the public one. The database alone
 * makes nobody a signer, whoever writes into it.
 */
const isOurs = async ({ public_key, private_key }: TokenKeyRow, secret: string): Promise<boolean> => {
  try {
    const opened = await symmetricDecrypt({ key: secret, data: JSON.parse(private_key) });
    const { x, d } = JSON.parse(opened);
    return typeof d === "string" && typeof x === "string" && x === JSON.parse(public_key).x;
  } catch {
    return false;
  }
};

const jwkOf = (row: TokenKeyRow): Jwk => ({
  id: row.id,
  publicKey: row.public_key,
  privateKey: row.private_key,
  createdAt: row.created_at,
  ...(row.expires_at ? { expiresAt: row.expires_at } : {}),
  alg: "EdDSA",
  crv: "Ed25519",
});

/** The keys that may sign and that tokens are checked with, for whoever has the secret. */
export const trustedKeys = async (db: Db, secret: string): Promise<Jwk[]> => {
  const rows = await keyRowsOfTokens(db);
  const ours = await Promise.all(rows.map((row) => isOurs(row, secret)));
  return rows.filter((_, at) => ours[at]).map(jwkOf);
};

/** Takes in a key that better-auth has made; where another server was faster, the one that it made signs. */
export const newSigningKey = async (db: Db, secret: string, made: MadeKey): Promise<Jwk> => {
  const id = newId("signingKey");
  await addKeyRow(db, { id, ...made });
  const known = await trustedKeys(db, secret);
  const [newest] = known.toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime());
  if (!newest)
    throw new Error("No signing key could be made: one that this secret does not open is younger than a day");
  return newest;
};
