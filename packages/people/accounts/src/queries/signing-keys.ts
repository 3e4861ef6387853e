import { type Db, sql } from "@evx/db";
import type { Id } from "@evx/kernel";

export type TokenKeyRow = {
  id: Id<"signingKey">;
  public_key: string;
  private_key: string;
  created_at: Date;
  expires_at: Date | null;
};

/** Every key that ever signed access tokens. */
export const keyRowsOfTokens = (db: Db): Promise<TokenKeyRow[]> =>
  db
    .selectFrom("identity.signing_key")
    .select(["id", "public_key", "private_key", "created_at", "expires_at"])
    .execute();

/** False when another server was faster. */
export const addKeyRow = async (
  db: Db,
  key: { id: Id<"signingKey">; publicKey: string; privateKey: string; expiresAt?: Date | undefined },
): Promise<boolean> => {
  const { rows } = await sql<{ added: boolean }>`select identity.add_signing_key(${key.id}, ${key.publicKey},
    ${key.privateKey}, 'EdDSA', 'Ed25519', ${key.expiresAt ?? null}) as added`.execute(db);
  return rows[0]?.added ?? false;
};
