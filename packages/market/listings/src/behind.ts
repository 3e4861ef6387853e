import { displayNames, publicNames } from "@evx/accounts";
import { rootsOf } from "@evx/certificates";
import { type Batch, batchNumber, serialsOfTransfers } from "@evx/credits";
import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { listTransferId } from "./provenance.ts";
import type { ListingRow } from "./queries/listings.ts";

/**
 * Who and what stands behind a listing, as strangers see them: its seller, by the name that they chose to show; who verified
 * most of its credits, by name as in the registry, since an accredited auditor answers for them in public; and the batch
 * that most of them come from, with the root that its seal is drawn from.
 */
export type Behind = {
  seller: string | null;
  auditor: string | null;
  batch: { number: string; root: string | null } | null;
};

/** What stands behind some listings, in as many queries whatever their number. */
export const behindOf = async (
  db: Db,
  rows: readonly Pick<ListingRow, "id" | "seller_id">[],
): Promise<ReadonlyMap<Id<"listing">, Behind>> => {
  const transfers = new Map<Id<"listing">, Id<"transfer">>();
  for (const { id, seller_id } of rows) transfers.set(id, await listTransferId(seller_id, id));
  const runs = await serialsOfTransfers(db, [...transfers.values()]);
  const batches = new Map<Id<"listing">, Batch>();
  for (const [id, transferId] of transfers) {
    const [most] = (runs.get(transferId) ?? []).toSorted((a, b) => (a.grams < b.grams ? 1 : -1));
    if (most) batches.set(id, most.batch);
  }
  const main = [...batches.values()];
  const [sellers, verifiers, roots] = [
    await publicNames(db, [...new Set(rows.map((row) => row.seller_id))]),
    await displayNames(db, [...new Set(main.map(({ cvaId }) => cvaId))]),
    await rootsOf(db, [...new Set(main.map(({ id }) => id))]),
  ];
  return new Map(
    rows.map(({ id, seller_id }) => {
      const batch = batches.get(id);
      return [
        id,
        {
          seller: sellers.get(seller_id) ?? null,
          auditor: (batch && verifiers.get(batch.cvaId)) ?? null,
          batch: batch ? { number: batchNumber(batch.number), root: roots.get(batch.id) ?? null } : null,
        },
      ];
    }),
  );
};
