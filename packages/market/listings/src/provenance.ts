import { publicVintage, serialsOfTransfer } from "@evx/credits";
import type { Db } from "@evx/db";
import { countryCode, type Id, namedId } from "@evx/kernel";
import * as v from "valibot";

/** The transfer that set a listing's credits aside. A retry names the same one, so nothing is listed twice. */
export const listTransferId = (sellerId: Id<"user">, listingId: Id<"listing">): Promise<Id<"transfer">> =>
  namedId("transfer", `list:${sellerId}:${listingId}`);

/** The runs of grams that were listed, with the batch of each: what a buyer is shown before buying. */
export const originsOf = async (db: Db, listing: { id: Id<"listing">; seller_id: Id<"user"> }) => {
  const runs = await serialsOfTransfer(db, await listTransferId(listing.seller_id, listing.id));
  return runs.map(({ batchId, serial, grams, batch }) => ({
    batchId,
    serial,
    credits: grams,
    vintage: batch.vintageYear,
    ...publicVintage(batch),
    country: batch.countryCode,
    method: batch.methodCode,
    factorSet: batch.factorSet,
    qualityTier: batch.qualityTier,
    issuedAt: batch.issuedAt,
  }));
};

type Origin = Awaited<ReturnType<typeof originsOf>>[number];

/** Without case and accents, as words are stored and searched: "Việt Nam" → "viet nam". */
export const fold = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll("đ", "d")
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "");

const english = new Intl.DisplayNames("en", { type: "region" });
const vietnamese = new Intl.DisplayNames("vi", { type: "region" });

const countryNames = (code: string): string[] =>
  v.is(countryCode, code) ? [english.of(code) ?? code, vietnamese.of(code) ?? code] : [];

/** What a listing is searched by: of the batch that most grams come from, and words of all batches. */
export const attributesOf = (origins: readonly Origin[]) => {
  const grams = new Map<Id<"batch">, bigint>();
  for (const { batchId, credits } of origins) grams.set(batchId, (grams.get(batchId) ?? 0n) + credits);
  const [main] = origins.toSorted((a, b) => {
    const difference = (grams.get(b.batchId) ?? 0n) - (grams.get(a.batchId) ?? 0n);
    if (difference !== 0n) return difference > 0n ? 1 : -1;
    return a.vintage - b.vintage || (a.serial < b.serial ? -1 : 1);
  });
  if (!main) throw new Error("A listing without grams has no attributes");
  const same = (origin: Origin) =>
    origin.vintage === main.vintage && origin.country === main.country && origin.method === main.method;
  const words = [
    main.country,
    // Before what may be cut off: a tier that is not read would be sold as none.
    ...origins.map((origin) => origin.qualityTier),
    ...origins.flatMap((origin) => [
      origin.country,
      ...countryNames(origin.country),
      origin.method,
      String(origin.vintage),
      origin.serial,
    ]),
  ];
  return {
    vintage_year: main.vintage,
    country_code: main.country,
    method_code: main.method,
    mixed: !origins.every(same),
    words: [...new Set(words.map(fold))].join(" ").slice(0, 4_000),
  };
};
