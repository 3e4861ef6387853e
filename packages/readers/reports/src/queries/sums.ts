import { type Db, sql, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Metric, Period } from "../policy.ts";
import { quarterOf } from "../policy.ts";

/** Any number that nothing else locks: whoever counts shares it, whoever rebuilds holds it alone. */
const counting = 0x45_56_58_64;

export type Entry = { readonly subject: string; readonly metric: Metric; readonly amount: bigint };

/** Notes facts as counted and answers those that were not before. Two that count one at once: one waits, then hears "before". */
export const countOnce = async (tx: Tx, sources: readonly string[]): Promise<Set<string>> => {
  await sql`select pg_advisory_xact_lock_shared(${counting})`.execute(tx);
  const { rows } = await sql<{ source: string }>`
    insert into reports.counted (source, at)
    select distinct source, ${tx.at}::timestamptz from unnest(${[...sources]}::text[]) source order by 1
    on conflict (source) do nothing returning source`.execute(tx);
  return new Set(rows.map(({ source }) => source));
};

/** Adds amounts to the sums, in one order, so that no two who add wait for each other. */
export const addSums = async (tx: Tx, entries: readonly (Entry & { at: Date })[]): Promise<void> => {
  const counted = entries.filter(({ amount }) => amount !== 0n);
  if (counted.length === 0) return;
  await sql`
    insert into reports.quarter_sum as kept (subject, at, metric, amount)
    select subject, at, metric, sum(amount)::int8
    from unnest(
      ${counted.map(({ subject }) => subject)}::text[], ${counted.map(({ at }) => quarterOf(at))}::timestamptz[],
      ${counted.map(({ metric }) => metric)}::text[], ${counted.map(({ amount }) => String(amount))}::int8[]
    ) as added (subject, at, metric, amount)
    group by 1, 2, 3 order by 1, 2, 3
    on conflict (subject, at, metric) do update set amount = kept.amount + excluded.amount`.execute(tx);
};

/** Empties the sums, while nobody counts until the transaction ends. What was counted stays known. */
export const emptySums = async (tx: Tx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${counting})`.execute(tx);
  await tx.deleteFrom("reports.quarter_sum").execute();
};

/** Of these facts those that were not counted yet. */
export const uncounted = async (db: Db, sources: readonly string[]): Promise<Set<string>> => {
  const { rows } = await sql<{ source: string }>`
    select distinct source from unnest(${[...sources]}::text[]) source
    where not exists (select from reports.counted c where c.source = source.source)`.execute(db);
  return new Set(rows.map(({ source }) => source));
};

const shapes = { day: "YYYY-MM-DD", month: "YYYY-MM", year: "YYYY" } as const;

const begins = (day: string, zone: string) => sql`(${day}::date::timestamp at time zone ${zone})`;
const ends = (day: string, zone: string) => sql`((${day}::date + 1)::timestamp at time zone ${zone})`;

/** The condition that a moment lies in a period: whole days of its zone, both included. */
const within = ({ from, to, zone }: Period) => sql<boolean>`
  (${from === null ? sql`true` : sql`at >= ${begins(from, zone)}`}
    and ${to === null ? sql`true` : sql`at < ${ends(to, zone)}`})`;

export type SumRow = { period: string; metric: string; amount: bigint };

/** Sums of a person, a vehicle or the venue by the period's days, months or years. */
export const sumRows = async (db: Db, subject: string, period: Period): Promise<SumRow[]> => {
  const { rows } = await sql<SumRow>`
    select to_char(at at time zone ${period.zone}, ${sql.lit(shapes[period.by])}) as period, metric, sum(amount)::int8 as amount
    from reports.quarter_sum where subject = ${subject} and ${within(period)}
    group by 1, 2 order by 1`.execute(db);
  return rows;
};

/** One metric of several subjects over a whole period. */
export const sumsOfSubjects = async (
  db: Db,
  subjects: readonly string[],
  metric: Metric,
  period: Period,
): Promise<Map<string, bigint>> => {
  const { rows } = await sql<{ subject: string; amount: bigint }>`
    select subject, sum(amount)::int8 as amount from reports.quarter_sum
    where subject = any(${[...subjects]}::text[]) and metric = ${metric} and ${within(period)}
    group by 1`.execute(db);
  return new Map(rows.map(({ subject, amount }) => [subject, amount]));
};

/** Who has most of a metric in a period. The venue itself and vehicles are left out. */
export const topRows = async (
  db: Db,
  metric: Metric,
  period: Period,
  limit: number,
): Promise<{ subject: Id<"user">; amount: bigint }[]> => {
  const { rows } = await sql<{ subject: Id<"user">; amount: bigint }>`
    select subject, sum(amount)::int8 as amount from reports.quarter_sum
    where metric = ${metric} and subject like 'usr\_%' and ${within(period)}
    group by 1 order by 2 desc, 1 limit ${limit}`.execute(db);
  return rows;
};

/**
 * Of the people who joined in a period as `joined`: how many there are, and how many ever came to each step. Later steps
 * are counted whenever they were taken.
 */
export const stepRows = async (
  db: Db,
  joined: Metric,
  taken: readonly Metric[],
  period: Period,
): Promise<{ metric: string; people: bigint }[]> => {
  const { rows } = await sql<{ metric: string; people: bigint }>`
    with joined as materialized (
      select distinct subject from reports.quarter_sum
      where metric = ${joined} and subject <> 'venue' and ${within(period)}
    )
    select ${joined} as metric, count(*)::int8 as people from joined
    union all
    select metric, count(distinct subject)::int8 from reports.quarter_sum
    join joined using (subject) where metric = any(${[...taken]}::text[]) group by 1`.execute(db);
  return rows;
};

/**
 * People by the month in which they joined, and how many of them did something (had credits issued, offered, sold, bought or
 * retired them) so many months later.
 */
export const cohortRows = async (
  db: Db,
  period: Period,
): Promise<{ month: string; later: number | null; people: bigint }[]> => {
  const monthOf = sql`date_trunc('month', at at time zone ${period.zone})`;
  const { rows } = await sql<{ month: string; later: number | null; people: bigint }>`
    with joined as materialized (
      select subject, min(${monthOf}) as month from reports.quarter_sum
      where metric = any('{joined_ev_owner,joined_buyer}') and subject <> 'venue' and ${within(period)} group by 1
    ), acted as (
      select distinct subject, ${monthOf} as month from reports.quarter_sum join joined j using (subject)
      where metric = any('{issued_g,listings,sold_g,bought_g,retired_g}')
    )
    select to_char(j.month, 'YYYY-MM') as month, null::int as later, count(*)::int8 as people from joined j group by 1
    union all
    select to_char(j.month, 'YYYY-MM'),
      (extract(year from age(a.month, j.month)) * 12 + extract(month from age(a.month, j.month)))::int,
      count(distinct a.subject)::int8
    from joined j join acted a on a.subject = j.subject and a.month >= j.month group by 1, 2
    order by 1, 2 nulls first`.execute(db);
  return rows;
};

/** The day that it is in a zone. */
export const todayIn = async (db: Db, now: Date, zone: string): Promise<string> => {
  const { rows } = await sql<{ day: string }>`
    select (${now}::timestamptz at time zone ${zone})::date::text as day`.execute(db);
  return rows[0]?.day ?? "";
};

/** The first and last moment of a period, the last not included; an open end is the beginning or the end of all things here. */
export const momentsOf = async (db: Db, { from, to, zone }: Period): Promise<{ from: Date; to: Date }> => {
  const { rows } = await sql<{ from: Date; to: Date }>`
    select ${begins(from ?? "1990-01-01", zone)} as "from", ${ends(to ?? "2199-12-31", zone)} as "to"`.execute(
    db,
  );
  return rows[0] as { from: Date; to: Date };
};
