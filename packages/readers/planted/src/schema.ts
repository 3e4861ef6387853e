import * as v from "valibot";
/** What the room takes and answers; the browser reads it too. */
export {};

export const LatestSaleInput = v.object({ id: v.pipe(v.string(), v.maxLength(64)) });
export const LatestSale = v.object({ id: v.string() });
