import { member, open, operator, rest, router } from "@evx/rpc";
import { factorSetByHash, factorSets } from "./factor-sets.ts";
import { gridFactors, gridFactorTrail, setGridFactor } from "./grid.ts";
import * as S from "./schema.ts";

/** The factors by which trips are counted, and who entered them. */
export const emissionsRouter = router({
  factorSets: open
    .meta(rest("GET", "/factor-sets", { summary: "Every factor set by name and hash, newest first" }))
    .output(S.FactorSets)
    .query(({ ctx }) => factorSets(ctx.db, ctx.clock.now())),
  factorSet: open
    .meta(
      rest("GET", "/factor-sets/{hash}", { summary: "A factor set: method, figures, assumptions, sources" }),
    )
    .input(S.FactorSetInput)
    .output(S.FactorSetView)
    .query(({ ctx, input }) => factorSetByHash(ctx.db, input.hash, ctx.clock.now())),
  gridFactors: member
    .meta(
      rest("GET", "/grid-factors/{countryCode}", { summary: "A country's grid factors with their sources" }),
    )
    .input(S.GridFactorsInput)
    .output(S.GridFactorsView)
    .query(({ ctx, input }) => gridFactors(ctx.db, input.countryCode, ctx.clock.now())),
  gridFactorHistory: operator
    .meta(
      rest("GET", "/grid-factors/{countryCode}/history", {
        summary: "What operators entered for a country, with who, when and source",
      }),
    )
    .input(S.GridFactorsInput)
    .output(S.GridFactorHistory)
    .query(({ ctx, input }) => gridFactorTrail(ctx.db, input.countryCode)),
  setGridFactor: operator
    .meta(rest("POST", "/grid-factors", { status: 201, summary: "Enter a grid factor with its source" }))
    .input(S.SetGridFactor)
    .output(S.GridFactorsView)
    .mutation(({ ctx, input }) => ctx.transact((tx) => setGridFactor(tx, ctx.actor, input))),
});
