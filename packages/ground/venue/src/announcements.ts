import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { afterMoment, day_ms, type Id, momentKey, newId, type PageInput, pageFrom } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import {
  type AnnouncementRow,
  announcementRows,
  endRow,
  insertAnnouncement,
  shownRows,
} from "./queries/announcements.ts";
import type * as S from "./schema.ts";
import type { VenuePorts } from "./standing.ts";

/** More than a few at once are read by nobody. */
const mostShown = 5;
const longest_ms = 90 * day_ms;

type Names = ReadonlyMap<Id<"user">, string>;

const announced = (row: AnnouncementRow): v.InferInput<typeof S.Announced> => ({
  id: row.id,
  level: row.level,
  text: { en: row.text_en, vi: row.text_vi },
  from: row.from_at,
  until: row.until_at,
});

const view = (row: AnnouncementRow, names: Names): v.InferInput<typeof S.AnnouncementView> => ({
  ...announced(row),
  endedAt: row.ended_at,
  createdBy: row.created_by,
  createdByName: names.get(row.created_by) ?? null,
  createdAt: row.created_at,
});

/** What everybody is told at a moment, the most pressing first, five at most. */
export const shownNow = async (db: Db, now: Date) => (await shownRows(db, now, mostShown)).map(announced);

/** Announces something to everybody, from a moment until another. Refuses `announcement_period`. */
export const announce = async (
  tx: Tx,
  ports: Pick<VenuePorts, "displayNames">,
  actor: Actor,
  input: v.InferOutput<typeof S.Announce>,
) => {
  const from = input.from && input.from > tx.at ? input.from : tx.at;
  const length_ms = input.until.getTime() - from.getTime();
  if (length_ms <= 0 || length_ms > longest_ms) throw refuse("announcement_period");
  const row = await insertAnnouncement(tx, {
    id: newId("announcement"),
    level: input.level,
    text_en: input.en,
    text_vi: input.vi,
    from_at: from,
    until_at: input.until,
    created_by: actor.id,
    created_at: tx.at,
  });
  await audit(tx, actor, "announcement.create", row.id, {
    after: { level: row.level, en: row.text_en, vi: row.text_vi, until: row.until_at.toISOString() },
  });
  return view(row, await ports.displayNames(tx, [actor.id]));
};

/** Takes an announcement down before its time. Refuses `announcement_not_found`. */
export const endAnnouncement = async (
  tx: Tx,
  ports: Pick<VenuePorts, "displayNames">,
  actor: Actor,
  id: Id<"announcement">,
) => {
  const row = await endRow(tx, id, actor.id);
  if (!row) throw refuse("announcement_not_found");
  await audit(tx, actor, "announcement.end", id);
  return view(row, await ports.displayNames(tx, [row.created_by]));
};

/** Every announcement, the newest first. Refuses `cursor_unknown`. */
export const announcements = async (
  db: Db,
  { displayNames }: Pick<VenuePorts, "displayNames">,
  { limit, cursor }: PageInput,
) => {
  const rows = await announcementRows(db, { limit, after: afterMoment("announcement", cursor) });
  const names = await displayNames(db, [...new Set(rows.map((row) => row.created_by))]);
  return pageFrom(
    rows,
    limit,
    (row) => view(row, names),
    (row) => momentKey(row.created_at, row.id),
  );
};
