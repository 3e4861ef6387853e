import type { Db } from "@evx/db";
import { sql } from "@evx/db";

export type Spent = { key: string; points: bigint; left_ms: number };

/**
 * Adds points to several clients' minutes at once and answers what all servers together have counted.
 * A minute that is over starts anew. One statement; keys in order, so two servers never wait for each other crosswise.
 */
export const spendPoints = async (
  db: Db,
  spending: readonly { key: string; points: number }[],
  windowMs: number,
): Promise<Spent[]> => {
  const ordered = [...spending].sort((a, b) => (a.key < b.key ? -1 : 1));
  const { rows } = await sql<Spent>`
    insert into identity.rate_limit as l (key, points, ends_at)
    select key, points, clock_timestamp() + make_interval(secs => ${windowMs / 1000})
    from unnest(${ordered.map((one) => one.key)}::text[], ${ordered.map((one) => one.points)}::bigint[]) as s (key, points)
    on conflict (key) do update set
      points = case when l.ends_at <= clock_timestamp() then excluded.points else l.points + excluded.points end,
      ends_at = case when l.ends_at <= clock_timestamp() then excluded.ends_at else l.ends_at end
    returning key, points, greatest(0, extract(epoch from ends_at - clock_timestamp()) * 1000)::float8 as left_ms`.execute(
    db,
  );
  return rows;
};

export const forgetPoints = async (db: Db, key: string): Promise<void> => {
  await db.deleteFrom("identity.rate_limit").where("key", "=", key).execute();
};

/** Drops minutes that ended an hour ago. */
export const pruneLimits = async (db: Db): Promise<void> => {
  await sql`delete from identity.rate_limit where ends_at < clock_timestamp() - interval '1 hour'`.execute(
    db,
  );
};
