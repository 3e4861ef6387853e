import * as v from "valibot";

export const LatestSaleInput = v.object({ id: v.pipe(v.string(), v.maxLength(64)) });
export const LatestSale = v.object({ id: v.string() });

export const OldestSaleInput = v.object({ id: v.pipe(v.string(), v.maxLength(64)) });
export const OldestSale = v.object({ id: v.string() });
