import type { Db } from "@evx/db";
import type { Currency } from "@evx/kernel";
import { runRows } from "./queries/runs.ts";
import type { ModelRunView } from "./schema.ts";

const SHOWN = 50;

/** The newest trainings of a currency: what each learned from, how it did, and what became of it. */
export const modelRuns = async (db: Db, currency: Currency): Promise<ModelRunView[]> =>
  (await runRows(db, currency, SHOWN)).map((row) => ({
    version: row.version,
    status: row.status,
    reason: row.reason,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    tookMs: row.took_ms,
    firstSaleAt: row.first_sale_at,
    lastSaleAt: row.last_sale_at,
    trades: row.trades,
    traders: row.traders,
    features: row.features as string[],
    parameters: row.parameters as Record<string, number>,
    metrics: row.metrics as Record<string, number | null>,
    rung: row.rung,
  }));
