import type { Db, Tx } from "@evx/db";
import { type Id, newId } from "@evx/kernel";
import { extensionOf, readDocument } from "@evx/kyc";
import type { Actor } from "@evx/rpc";
import { sideOf } from "./disputes.ts";
import { refuse } from "./errors.ts";
import { disputeRow, lockDispute } from "./queries/disputes.ts";
import { countEvidence, evidenceContent, insertEvidence } from "./queries/evidence.ts";

type Who = Pick<Actor, "id" | "role">;

/** So many files one person adds to a dispute. */
const MOST = 10;

/**
 * Adds a file that speaks for one side of an open dispute: a picture or a PDF by its content, written anew without what
 * hides in it. Refuses `dispute_not_found` to whoever is on no side, before the file is read; `dispute_resolved`,
 * `evidence_full`, and what proofs of identity are refused for.
 */
export const addEvidence = async (
  ctx: { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> },
  actor: Who,
  input: { id: Id<"dispute">; fileName?: string | undefined; content: ReadableStream<Uint8Array> },
): Promise<void> => {
  await sideOf(ctx.db, actor, await disputeRow(ctx.db, input.id));
  const { contentType, content } = await readDocument(input.content);
  await ctx.transact(async (tx) => {
    const dispute = await lockDispute(tx, input.id);
    const side = await sideOf(tx, actor, dispute);
    if (dispute?.status === "resolved") throw refuse("dispute_resolved");
    if ((await countEvidence(tx, { disputeId: input.id, authorId: actor.id })) >= MOST)
      throw refuse("evidence_full", { most: MOST });
    await insertEvidence(tx, {
      id: newId("evidence"),
      dispute_id: input.id,
      author_id: actor.id,
      side,
      name: input.fileName?.slice(-120) || `file.${extensionOf[contentType]}`,
      content_type: contentType,
      content: Buffer.from(content),
      at: tx.at,
    });
  });
};

/** A file for those on the dispute's sides. Refuses `evidence_not_found` to others. */
export const readEvidence = async (db: Db, actor: Who, id: Id<"evidence">) => {
  const row = await evidenceContent(db, id);
  if (!row) throw refuse("evidence_not_found");
  await sideOf(db, actor, await disputeRow(db, row.dispute_id)).catch((cause: unknown) => {
    throw refuse("evidence_not_found", {}, { cause });
  });
  return {
    contentType: row.content_type,
    fileName: `${id}.${extensionOf[row.content_type]}`,
    content: new Uint8Array(row.content),
  };
};
