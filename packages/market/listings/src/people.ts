import { displayNames, publicNames } from "@evx/accounts";
import { serialsOfTransfers } from "@evx/credits";
import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { listTransferId } from "./provenance.ts";
import type { ListingRow } from "./queries/listings.ts";

/**
 * Who stands behind a listing, as strangers see them: its seller, by the name that they chose to show, and who verified most
 * of its credits, by name as in the registry: an accredited auditor answers for them in public.
 */
export type People = { seller: string | null; auditor: string | null };

/** The people of some listings, in as many queries whatever their number. */
export const peopleOf = async (
  db: Db,
  rows: readonly Pick<ListingRow, "id" | "seller_id">[],
): Promise<ReadonlyMap<Id<"listing">, People>> => {
  const transfers = new Map<Id<"listing">, Id<"transfer">>();
  for (const { id, seller_id } of rows) transfers.set(id, await listTransferId(seller_id, id));
  const runs = await serialsOfTransfers(db, [...transfers.values()]);
  const auditors = new Map<Id<"listing">, Id<"user">>();
  for (const [id, transferId] of transfers) {
    const [most] = (runs.get(transferId) ?? []).toSorted((a, b) => (a.grams < b.grams ? 1 : -1));
    if (most) auditors.set(id, most.batch.cvaId);
  }
  const [sellers, verifiers] = [
    await publicNames(db, [...new Set(rows.map((row) => row.seller_id))]),
    await displayNames(db, [...new Set(auditors.values())]),
  ];
  return new Map(
    rows.map(({ id, seller_id }) => {
      const auditor = auditors.get(id);
      return [
        id,
        { seller: sellers.get(seller_id) ?? null, auditor: (auditor && verifiers.get(auditor)) ?? null },
      ];
    }),
  );
};
