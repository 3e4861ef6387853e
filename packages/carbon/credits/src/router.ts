import { fileAnswer } from "@evx/kernel";
import { member, open, operator, rest, router, selfOrOperator } from "@evx/rpc";
import { batchesFile, retirementsFile, statementFile } from "./files.ts";
import { historyFile, moveHistory } from "./history.ts";
import { lots, provenance } from "./lots.ts";
import { bufferRule, registryBatch, registryBatches, registryTotals, timeline } from "./registry.ts";
import { makeUp, shortfalls } from "./replacements.ts";
import { retirements } from "./retirements.ts";
import * as S from "./schema.ts";
import { registryStrip } from "./strip.ts";
import { receiverOf, transferCredits, transferNamed, walletOf } from "./wallets.ts";

/** What anyone may look up without an account. */
const registry = router({
  totals: open
    .meta(rest("GET", "/public/registry", { summary: "All credits, as the ledger says" }))
    .output(S.RegistryTotals)
    .query(({ ctx }) => registryTotals(ctx.db)),
  buffer: open
    .meta(
      rest("GET", "/public/registry/buffer", {
        summary: "How much of each batch is kept back, and what lies there",
      }),
    )
    .output(S.BufferRule)
    .query(({ ctx }) => bufferRule(ctx.db, ctx.clock.now())),
  strip: open
    .meta(
      rest("GET", "/public/registry/strip", {
        summary: "All credits as one strip of serial numbers, with what became of them",
      }),
    )
    .output(S.Strip)
    .query(({ ctx }) => registryStrip(ctx.db)),
  batches: open
    .meta(
      rest("GET", "/public/registry/batches", { summary: "Issued batches and where their grams are now" }),
    )
    .input(S.BatchQuery)
    .output(S.BatchPage)
    .query(({ ctx, input }) => registryBatches(ctx.db, input)),
  batchesFile: open
    .meta(rest("GET", "/public/registry/batches.csv", { summary: "Issued batches as CSV", file: true }))
    .input(S.BatchQuery)
    .output(fileAnswer)
    .query(({ ctx, input }) => batchesFile(ctx.db, input)),
  batch: open
    .meta(rest("GET", "/public/registry/batches/{number}", { summary: "One batch by its number" }))
    .input(S.BatchNumber)
    .output(S.RegistryBatch)
    .query(({ ctx, input }) => registryBatch(ctx.db, BigInt(input.number))),
  timeline: open
    .meta(
      rest("GET", "/public/registry/serials/{serial}", { summary: "The life of a serial number's grams" }),
    )
    .input(S.SerialQuery)
    .output(S.Timeline)
    .query(({ ctx, input }) => timeline(ctx.db, input.serial)),
  retirements: open
    .meta(rest("GET", "/public/registry/retirements", { summary: "Retired credits and for whom" }))
    .input(S.RetirementQuery)
    .output(S.RetirementPage)
    .query(({ ctx, input }) => retirements(ctx.db, { ...input, words: input.q })),
  retirementsFile: open
    .meta(rest("GET", "/public/registry/retirements.csv", { summary: "Retirements as CSV", file: true }))
    .input(S.RetirementQuery)
    .output(fileAnswer)
    .query(({ ctx, input }) => retirementsFile(ctx.db, { words: input.q })),
});

/** What was sold of revoked batches, and how an operator makes up for it. */
const owed = router({
  list: operator
    .meta(rest("GET", "/credits/shortfalls", { summary: "Revoked batches for which something is owed" }))
    .input(S.ShortfallQuery)
    .output(S.ShortfallPage)
    .query(({ ctx, input }) => shortfalls(ctx.db, input)),
  makeUp: operator
    .meta(
      rest("POST", "/credits/shortfalls/{number}", {
        summary: "Make up for credits of a revoked batch with credits of your own wallet",
      }),
    )
    .input(S.MakeUp)
    .output(S.MadeUp)
    .mutation(async ({ ctx, input: { number, amount, note } }) => {
      const id = await ctx.nameFor("transfer");
      return ctx.transact((tx) => makeUp(tx, ctx.actor, { id, number: BigInt(number), grams: amount, note }));
    }),
});

export const creditsRouter = router({
  shortfalls: owed,
  wallet: member
    .meta(rest("GET", "/wallet/{userId}", { summary: "Credits free, reserved and retired" }))
    .input(S.UserId)
    .output(S.Wallet)
    .query(({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      return walletOf(ctx.db, input.userId);
    }),
  history: member
    .meta(rest("GET", "/credits/history/{userId}", { summary: "Movements of credits with serial numbers" }))
    .input(S.HistoryQuery)
    .output(S.HistoryPage)
    .query(({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      return moveHistory(ctx.db, input);
    }),
  historyFile: member
    .meta(
      rest("GET", "/credits/history/{userId}/csv", { summary: "Movements of credits as CSV", file: true }),
    )
    .input(S.HistoryQuery)
    .output(fileAnswer)
    .query(({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      return historyFile(ctx.db, input);
    }),
  transfer: member
    .meta(rest("PUT", "/credits/transfer", { summary: "Give credits to another person" }))
    .input(S.Transfer)
    .output(S.TransferAnswer)
    .mutation(async ({ ctx, input: { transferId, ...input } }) => {
      const id = transferId ? await transferNamed(ctx.actor.id, transferId) : await ctx.nameFor("transfer");
      return { transfer: await ctx.transact((tx) => transferCredits(tx, ctx.actor, { id, ...input })) };
    }),
  receiver: member
    .meta(
      rest("GET", "/credits/receivers/{userId}", { summary: "The initials of whose wallet number this is" }),
    )
    .input(S.UserId)
    .output(S.Receiver)
    .query(({ ctx, input }) => receiverOf(ctx.db, input.userId)),
  lots: member
    .meta(rest("GET", "/credits/lots/{userId}", { summary: "Where each gram in a wallet came from" }))
    .input(S.LotQuery)
    .output(S.LotPage)
    .query(({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      return lots(ctx.db, input);
    }),
  provenance: member
    .meta(rest("GET", "/credits/provenance/{userId}", { summary: "Which batches a wallet's credits are of" }))
    .input(S.UserId)
    .output(S.Provenance)
    .query(async ({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      return { items: await provenance(ctx.db, input.userId) };
    }),
  retirements: member
    .meta(rest("GET", "/credits/retirements/{userId}", { summary: "What a person has retired" }))
    .input(S.OwnRetirements)
    .output(S.RetirementPage)
    .query(({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      return retirements(ctx.db, { ...input, holderId: input.userId });
    }),
  statement: member
    .meta(
      rest("GET", "/credits/retirements/{userId}/statement.csv", {
        summary: "What a person retired in a year, by serial number, as CSV",
        file: true,
      }),
    )
    .input(S.StatementQuery)
    .output(fileAnswer)
    .query(({ ctx, input }) => {
      selfOrOperator(ctx.actor, input.userId);
      return statementFile(ctx.db, input);
    }),
  registry,
});
