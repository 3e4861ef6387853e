import { latestSale } from "./latest-sale.ts";
import * as S from "./schema.ts";
import { router, member, told } from "@evx/rpc";

export const plantedRouter = router({
latestSale: member.meta(told("Say here what it does")).input(S.LatestSaleInput).output(S.LatestSale).query(({ ctx, input }) => latestSale(ctx.db, input)),
});
