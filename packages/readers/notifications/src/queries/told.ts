import { type Db, sql, type Tx } from "@evx/db";
import type { Place } from "@evx/jobs";
import type { Id } from "@evx/kernel";

export type ToldKind = "sale" | "identity" | "certificate";

/** Up to where people are known to have been told of things of a kind; before the first round it is `otherwise`. */
export const toldUntil = async <I extends string>(
  db: Db,
  kind: ToldKind,
  otherwise: Date,
): Promise<Place<I> | null> => {
  const { rows } = await sql<Place<I>>`
    select at, id from notifications.told_until where kind = ${kind}
    union all
    select ${otherwise}::timestamptz, '' where not exists (select from notifications.told_until where kind = ${kind})
    `.execute(db);
  return rows[0] ?? null;
};

/** Goes on to a later place; never back. */
export const moveToldUntil = async (tx: Tx, kind: ToldKind, { at, id }: Place): Promise<void> => {
  await sql`
    insert into notifications.told_until as told (kind, at, id) values (${kind}, ${at}, ${id})
    on conflict (kind) do update set at = excluded.at, id = excluded.id
      where (told.at, told.id) < (excluded.at, excluded.id)`.execute(tx);
};

/** Of these sources those of which their person was told in the app, where everything is told. */
export const toldSources = async (
  db: Db,
  asked: readonly { userId: Id<"user">; source: string }[],
): Promise<Set<string>> => {
  const { rows } = await sql<{ source: string }>`
    select n.source
    from unnest(${asked.map(({ userId }) => userId)}::text[], ${asked.map(({ source }) => source)}::text[])
      as asked (user_id, source)
    join notifications.notification n
      on n.user_id = asked.user_id and n.channel = 'in_app' and n.source = asked.source`.execute(db);
  return new Set(rows.map(({ source }) => source));
};
