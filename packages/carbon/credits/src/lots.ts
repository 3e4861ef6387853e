import { displayNames } from "@evx/accounts";
import type { Db } from "@evx/db";
import type { Grams, Id, Page, PageInput } from "@evx/kernel";
import { batchesOf, lotsOf as lotsOfAccount, type TransferKind, wallet } from "@evx/ledger";
import { type Batch, batchesByIds, publicVintage } from "./batches.ts";
import { batchNumber, serialOf } from "./serial.ts";
import { memoText } from "./wallets.ts";

/** What everybody may know of a batch. */
export type BatchFacts = {
  id: Id<"batch">;
  number: string;
  vintage: number;
  vintageFrom: string;
  vintageTo: string;
  country: string;
  method: string;
  factorSet: string;
  quality: Batch["qualityTier"];
  vehicleClass: string;
  cvaName: string;
  issuedAt: Date;
};

/** The public facts of batches, with their auditors' names. */
export const factsOf = async (db: Db, batches: readonly Batch[]): Promise<Map<Id<"batch">, BatchFacts>> => {
  const names = await displayNames(
    db,
    batches.map((batch) => batch.cvaId),
  );
  return new Map(
    batches.map((batch) => [
      batch.id,
      {
        id: batch.id,
        number: batchNumber(batch.number),
        vintage: batch.vintageYear,
        ...publicVintage(batch),
        country: batch.countryCode,
        method: batch.methodCode,
        factorSet: batch.factorSet,
        quality: batch.qualityTier,
        vehicleClass: batch.vehicleClass,
        cvaName: names.get(batch.cvaId) ?? "",
        issuedAt: batch.issuedAt,
      },
    ]),
  );
};

/** How a run of grams came into a wallet, by the kind of transfer that brought it. */
const acquiredBy = (kind: TransferKind): "issued" | "bought" | "received" | "returned" => {
  if (kind === "issue") return "issued";
  if (kind === "sale") return "bought";
  return kind === "transfer" ? "received" : "returned";
};

export type LotView = {
  serial: string;
  credits: Grams;
  batch: BatchFacts;
  acquired: ReturnType<typeof acquiredBy>;
  acquiredAt: Date;
  referenceId: string;
};

/** The runs of grams in a person's wallet, newest arrivals first: each with its batch and how it came. */
export const lots = async (
  db: Db,
  { userId, ...page }: PageInput & { userId: Id<"user"> },
): Promise<Page<LotView>> => {
  const { items, nextCursor } = await lotsOfAccount(db, wallet(userId), page);
  const batches = await batchesByIds(
    db,
    items.map((lot) => lot.batchId),
  );
  const facts = await factsOf(db, [...batches.values()]);
  return {
    items: items.flatMap((lot) => {
      const [batch, known] = [batches.get(lot.batchId), facts.get(lot.batchId)];
      if (!batch || !known) return [];
      return [
        {
          serial: serialOf(batch, lot.first_g, lot.last_g),
          credits: lot.last_g - lot.first_g + 1n,
          batch: known,
          acquired: acquiredBy(lot.kind),
          acquiredAt: lot.at,
          referenceId: memoText(lot.memo, "orderId") ?? memoText(lot.memo, "requestId") ?? lot.transferId,
        },
      ];
    }),
    nextCursor,
  };
};

/** Which batches a person's free credits come from, the largest part first. */
export const provenance = async (
  db: Db,
  userId: Id<"user">,
): Promise<{ batch: BatchFacts; credits: Grams }[]> => {
  const parts = await batchesOf(db, wallet(userId));
  const batches = await batchesByIds(
    db,
    parts.map((part) => part.batchId),
  );
  const facts = await factsOf(db, [...batches.values()]);
  return parts.flatMap(({ batchId, grams }) => {
    const batch = facts.get(batchId);
    return batch ? [{ batch, credits: grams }] : [];
  });
};
