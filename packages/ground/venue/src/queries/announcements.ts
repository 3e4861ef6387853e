import { type Database, type Db, sql, type Tx } from "@evx/db";
import type { Id, MomentKey } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";

export type AnnouncementRow = Selectable<Database["venue.announcement"]>;

export const insertAnnouncement = (
  tx: Tx,
  row: Insertable<Database["venue.announcement"]>,
): Promise<AnnouncementRow> =>
  tx.insertInto("venue.announcement").values(row).returningAll().executeTakeFirstOrThrow();

/** What is shown at a moment, the most pressing first. */
export const shownRows = (db: Db, at: Date, limit: number): Promise<AnnouncementRow[]> =>
  db
    .selectFrom("venue.announcement")
    .selectAll()
    .where("ended_at", "is", null)
    .where("until_at", ">", at)
    .where("from_at", "<=", at)
    .orderBy(sql`array_position(array['urgent', 'warning', 'info'], level)`)
    .orderBy("from_at", "desc")
    .limit(limit)
    .execute();

/** All of them, the newest first. */
export const announcementRows = (
  db: Db,
  { after, limit }: { after: MomentKey<"announcement"> | null; limit: number },
): Promise<AnnouncementRow[]> => {
  let query = db.selectFrom("venue.announcement").selectAll();
  if (after) query = query.where(sql<boolean>`(created_at, id) < (${after.at}, ${after.id})`);
  return query
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
};

/** Ends one that has not ended; undefined where there is none. */
export const endRow = (
  tx: Tx,
  id: Id<"announcement">,
  by: Id<"user">,
): Promise<AnnouncementRow | undefined> =>
  tx
    .updateTable("venue.announcement")
    .set({ ended_at: tx.at, ended_by: by })
    .where("id", "=", id)
    .where("ended_at", "is", null)
    .where("until_at", ">", tx.at)
    .returningAll()
    .executeTakeFirst();
