import { operator, router, told } from "@evx/rpc";
import * as lists from "./lists.ts";
import * as S from "./schema.ts";

/** What an operator sees of gateways' days. */
export const reconciliationRouter = router({
  days: operator
    .meta(told("Days of gateways as they were compared with the books, the latest first"))
    .input(S.Days)
    .output(S.DayPage)
    .query(({ ctx, input }) => lists.daysCompared(ctx.db, input)),
  differences: operator
    .meta(told("What differs between gateways and the books and waits for an operator"))
    .input(S.OpenDifferences)
    .output(S.DifferencePage)
    .query(({ ctx, input }) => lists.openDifferences(ctx.db, input)),
  resolve: operator
    .meta(told("Say what a difference was"))
    .input(S.Resolve)
    .output(S.Resolved)
    .mutation(({ ctx, input }) => ctx.transact((tx) => lists.resolveDifference(tx, ctx.actor, input))),
});
