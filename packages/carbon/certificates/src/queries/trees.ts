import type { Db, Tx } from "@evx/db";
import type { Grams, Id } from "@evx/kernel";

/** Stores the tree of a batch that is being issued: `leaves` in order, 32 bytes each. Once, for ever. */
export const insertTree = async (
  tx: Tx,
  tree: {
    batchId: Id<"batch">;
    requestId: Id<"request">;
    root: string;
    secret: Uint8Array;
    leaves: Uint8Array;
    /** Each leaf's grams, eight bytes, in the order of the leaves; their sum. */
    sums: Uint8Array;
    grams: Grams;
  },
): Promise<void> => {
  await tx
    .insertInto("verification.tree")
    .values({
      batch_id: tree.batchId,
      request_id: tree.requestId,
      root: tree.root,
      leaf_count: BigInt(tree.leaves.length / 32),
      secret: Buffer.from(tree.secret),
      leaves: Buffer.from(tree.leaves),
      sums: Buffer.from(tree.sums),
      sum_g: tree.grams,
      at: tx.at,
    })
    .execute();
};

/** The trees over a request's trips, one for each of its batches, once they are issued. */
export const treesOf = (db: Db, requestId: Id<"request">) =>
  db.selectFrom("verification.tree").where("request_id", "=", requestId).selectAll().execute();

/** Published roots by batch, with the number of the certificate of issuance that names them. */
export const rootRows = (db: Db, batchIds: readonly Id<"batch">[]) =>
  db
    .selectFrom("verification.tree as t")
    .where("t.batch_id", "in", batchIds)
    .leftJoin("verification.certificate as c", (join) =>
      join.on("c.kind", "=", "issuance").onRef("c.subject_id", "=", "t.request_id"),
    )
    .select(["t.batch_id", "t.root", "t.leaf_count", "t.sum_g", "c.number as certificate_number"])
    .execute();

/** The roots of these batches' trees, by batch: what their seals are drawn from. */
export const rootsOf = async (
  db: Db,
  batchIds: readonly Id<"batch">[],
): Promise<ReadonlyMap<Id<"batch">, string>> => {
  if (batchIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("verification.tree")
    .where("batch_id", "in", batchIds)
    .select(["batch_id", "root"])
    .execute();
  return new Map(rows.map(({ batch_id, root }) => [batch_id, root]));
};

/** A batch's leaves, 32 bytes each, and their grams, eight bytes each where the tree commits to them. */
export const leavesOf = (db: Db, batchId: Id<"batch">) =>
  db
    .selectFrom("verification.tree")
    .select(["root", "leaves", "sums", "sum_g"])
    .where("batch_id", "=", batchId)
    .executeTakeFirst();
