import { type Db, sql } from "@evx/db";
import type { Id } from "@evx/kernel";

/** Who is to be told of which month, in their zone, and under which name it is told once. */
export type MonthDue = { userId: Id<"user">; zone: string; month: string; source: string };

/** Whoever asked for their month, where it is the first day from eight o'clock, or the two days after it, and was not told. */
export const monthsDue = async (db: Db, now: Date, limit: number): Promise<MonthDue[]> => {
  const { rows } = await sql<MonthDue>`
    with here as (
      select p.user_id, coalesce(m.zone, 'UTC') as zone,
        ${now}::timestamptz at time zone coalesce(m.zone, 'UTC') as local
      from notifications.preference p left join notifications.manner m using (user_id)
      where p.topic = 'reports' and (p.email or p.push or p.sms)
    ), due as (
      select user_id as "userId", zone, to_char(local - interval '1 month', 'YYYY-MM') as month from here
      where extract(day from local) <= 3 and (extract(day from local) > 1 or extract(hour from local) >= 8)
    )
    select *, 'month:' || month || ':' || "userId" as source from due
    where not exists (
      select from notifications.notification n
      where n.user_id = "userId" and n.source = 'month:' || month || ':' || "userId"
    )
    order by 1 limit ${limit}`.execute(db);
  return rows;
};
