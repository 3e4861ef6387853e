import { type Db, sql } from "@evx/db";
import type { Id } from "@evx/kernel";

/** What a server says: how many people are in which rooms. */
export type Said = { server: string; rooms: ReadonlyMap<Id<"listing">, number> };

/** A server that has said nothing for so long is not counted. */
const silence = sql.lit("10 seconds");
/** What a server said last and so long ago is swept away by the others. */
const forgotten = sql.lit("1 minute");

/**
 * Writes down what a server says and answers how many people the others have in these rooms. In the database's time, so
 * that no server's clock counts. What is swept is what nobody writes any more, and never waited for.
 */
export const exchangePresence = async (
  db: Db,
  { server, rooms }: Said,
  ids: readonly Id<"listing">[],
): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await sql<{ listing_id: string; people: number }>`
    with said as (
      insert into marketplace.presence (server, listing_id, people, seen_at)
      select ${server}, listing_id, people, now()
      from unnest(${[...rooms.keys()]}::text[], ${[...rooms.values()]}::int[]) as room (listing_id, people)
      on conflict (listing_id, server) do update set people = excluded.people, seen_at = excluded.seen_at
    ), swept as (
      delete from marketplace.presence where (listing_id, server) in (
        select listing_id, server from marketplace.presence
        where (server = ${server} and listing_id <> all (${[...rooms.keys()]}::text[]))
          or (server <> ${server} and seen_at < now() - ${forgotten}::interval)
        limit 500 for update skip locked
      )
    )
    select listing_id, sum(people)::int as people from marketplace.presence
    where listing_id = any (${[...ids]}::text[]) and server <> ${server} and seen_at > now() - ${silence}::interval
    group by listing_id
  `.execute(db);
  return new Map(rows.map(({ listing_id, people }) => [listing_id, people]));
};
