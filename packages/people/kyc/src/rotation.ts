import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import type { Actor, Context } from "@evx/rpc";
import type { Vault } from "@evx/vault";
import { documentDigests, openIdentification } from "./identification.ts";
import type { KycPorts } from "./ports.ts";
import { countUnderOtherKeys, resealDocument, resealFile, underOtherKeys } from "./queries/files.ts";

/** Seals at most `portion` documents and as many files anew; answers how many there were. */
const resealSome = async (tx: Tx, vault: Vault, portion: number): Promise<number> => {
  const { documents, files } = await underOtherKeys(tx, vault.keyId, portion);
  for (const { id, sealed } of documents)
    await resealDocument(tx, id, await vault.seal(await vault.open(sealed, id), id), vault.keyId);
  for (const { id, sealed, country_code: country, document_type: type } of files) {
    const { documentNumber: number } = await openIdentification(vault, sealed, id);
    const [digest] = await documentDigests(vault, { country, type, number });
    const resealed = await vault.seal(await vault.open(sealed, id), id);
    await resealFile(tx, id, { sealed: resealed, digest, keyId: vault.keyId });
  }
  return documents.length + files.length;
};

/**
 * Encrypts a portion of what lies under older keys with the present one; answers what was done and what is left.
 * Call it until nothing is left, then the old key can go. It can be interrupted and run by several at once.
 */
export const rotateKyc = async (
  ctx: Pick<Context, "db" | "transact"> & { actor: Actor | null },
  ports: Pick<KycPorts, "vault">,
  portion = 20,
): Promise<{ done: number; left: number }> => {
  const vault = await ports.vault;
  const done = await ctx.transact(async (tx) => {
    const count = await resealSome(tx, vault, portion);
    if (count > 0) await audit(tx, ctx.actor, "kyc.rotate_keys", vault.keyId, { after: { count } });
    return count;
  });
  return { done, left: await countUnderOtherKeys(ctx.db, vault.keyId) };
};
