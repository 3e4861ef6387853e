import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { shownNow } from "./announcements.ts";
import { refuse } from "./errors.ts";
import { type Mode, minutesUntil } from "./policy.ts";
import { insertStanding, lockStanding, standingRow, standingRows } from "./queries/standing.ts";
import type * as S from "./schema.ts";

/** Who gives names to ids: this room lies below the one that knows people. */
export type VenuePorts = {
  displayNames(db: Db, ids: readonly Id<"user">[]): Promise<ReadonlyMap<Id<"user">, string>>;
  /**
   * Gives back the time that nobody could use, in the transaction that opens the venue: running auctions and unpaid orders
   * end later by as long as it was closed. Answers how many of each.
   */
  giveBack(tx: Tx, closed: { since: Date; until: Date }): Promise<{ auctions: number; orders: number }>;
};

/** The mode that holds now. */
export const modeNow = async (db: Db): Promise<Mode> => (await standingRow(db))?.mode ?? "open";

/** What a change is refused with while the venue is closed: minutes until it may be tried again. Null while it is open. */
export const closedNow = async (db: Db, now: Date): Promise<{ minutes: number } | null> => {
  const row = await standingRow(db);
  return !row || row.mode === "open" ? null : { minutes: minutesUntil(row.until, now) };
};

/** What the frame of every page says: the mode, and the announcements of this moment. */
export const standing = async (db: Db, now: Date): Promise<v.InferInput<typeof S.Standing>> => {
  const [row, announcements] = await Promise.all([standingRow(db), shownNow(db, now)]);
  return {
    mode: row?.mode ?? "open",
    closedSince: row?.closed_since ?? null,
    until: row?.until ?? null,
    announcements,
  };
};

/**
 * Closes the venue for changes, or opens it again. Opening gives back the time that was lost, in the same transaction.
 * Refuses `standing_same`, `until_past`.
 */
export const setMode = async (
  tx: Tx,
  ports: Pick<VenuePorts, "giveBack">,
  actor: Actor,
  input: v.InferOutput<typeof S.SetMode>,
): Promise<{ givenBack: { auctions: number; orders: number } }> => {
  const { mode, reason } = input;
  const until = mode === "open" ? null : (input.until ?? null);
  if (until && until <= tx.at) throw refuse("until_past");
  const before = await lockStanding(tx);
  const same =
    (before?.mode ?? "open") === mode && (before?.until?.getTime() ?? 0) === (until?.getTime() ?? 0);
  if (same) throw refuse("standing_same");
  await insertStanding(tx, {
    seq: (before?.seq ?? 0n) + 1n,
    mode,
    until,
    reason,
    set_by: actor.id,
    at: tx.at,
    closed_since: mode === "open" ? null : (before?.closed_since ?? tx.at),
  });
  const since = mode === "open" ? before?.closed_since : null;
  const givenBack = since ? await ports.giveBack(tx, { since, until: tx.at }) : { auctions: 0, orders: 0 };
  await audit(tx, actor, "venue.mode", "venue", {
    before: { mode: before?.mode ?? "open" },
    after: { mode, reason, ...(until ? { until: until.toISOString() } : {}), ...(since ? givenBack : {}) },
  });
  return { givenBack };
};

/** The last hundred changes of the mode, newest first. */
export const modeHistory = async (db: Db, { displayNames }: Pick<VenuePorts, "displayNames">) => {
  const rows = await standingRows(db, 100);
  const names = await displayNames(db, [...new Set(rows.map((row) => row.set_by))]);
  return {
    items: rows.map((row) => ({
      seq: Number(row.seq),
      mode: row.mode,
      until: row.until,
      reason: row.reason,
      setBy: row.set_by,
      setByName: names.get(row.set_by) ?? null,
      at: row.at,
    })),
  };
};
