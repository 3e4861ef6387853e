import { member, router, told } from "@evx/rpc";
import { latestSale } from "./latest-sale.ts";
import { oldestSale } from "./oldest-sale.ts";
import * as S from "./schema.ts";

export const plantedRouter = router({
  oldestSale: member
    .meta(told("Say here what it does"))
    .input(S.OldestSaleInput)
    .output(S.OldestSale)
    .query(({ ctx, input }) => oldestSale(ctx.db, input)),

  latestSale: member
    .meta(told("Say here what it does"))
    .input(S.LatestSaleInput)
    .output(S.LatestSale)
    .query(({ ctx, input }) => latestSale(ctx.db, input)),
});
