import type { GatewayName, Movement } from "@evx/adapters";
import type { Db, Tx } from "@evx/db";
import { afterCursor, afterMoment, type Id, type PageInput } from "@evx/kernel";
import { sql } from "kysely";
import type { Found, GatewayDay } from "../policy.ts";

export const dayRow = (db: Db, gateway: GatewayName, day: string) =>
  db
    .selectFrom("payments.reconciled_day")
    .selectAll()
    .where("gateway", "=", gateway)
    .where("day", "=", day)
    .executeTakeFirst();

export const keepDay = (tx: Tx, gateway: GatewayName, { day, from, to }: GatewayDay, listed: boolean) =>
  tx
    .insertInto("payments.reconciled_day")
    .values({ gateway, day, from_at: from, to_at: to, listed, ran_at: tx.at })
    .onConflict((conflict) => conflict.columns(["gateway", "day"]).doUpdateSet({ ran_at: tx.at }))
    .execute();

const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

export type DayRow = Awaited<ReturnType<typeof dayRows>>[number];

/** Days that were compared, the latest first. */
export const dayRows = (db: Db, page: PageInput) => {
  const from = afterCursor(page.cursor, ([day, gateway, ...rest]) =>
    rest.length === 0 && typeof day === "string" && isDay(day) && typeof gateway === "string"
      ? { day, gateway }
      : null,
  );
  let query = db
    .selectFrom("payments.reconciled_day")
    .selectAll()
    .orderBy("day", "desc")
    .orderBy("gateway", "desc")
    .limit(page.limit + 1);
  if (from) query = query.where(sql<boolean>`(day, gateway) < (${from.day}::date, ${from.gateway})`);
  return query.execute();
};

/** What gateways say of days, by what moved. */
export const sumsOfDays = (db: Db, days: readonly string[]) =>
  db
    .selectFrom("payments.movement")
    .select(({ fn }) => [
      "gateway",
      "day",
      "kind",
      "currency",
      fn.countAll<bigint>().as("count"),
      fn.sum<string>("gross_minor").as("gross"),
      fn.sum<string>("fee_minor").as("fee"),
      fn.sum<string>("net_minor").as("net"),
    ])
    .where("day", "in", days)
    .groupBy(["gateway", "day", "kind", "currency"])
    .orderBy("kind")
    .orderBy("currency")
    .execute();

/** Keeps what a gateway says moved; what is known already stays as it is. */
export const keepMovements = async (
  tx: Tx,
  gateway: GatewayName,
  day: string,
  rows: readonly (Movement & { paymentId: Id<"payment"> | null })[],
): Promise<void> => {
  for (let from = 0; from < rows.length; from += 500)
    await tx
      .insertInto("payments.movement")
      .values(
        rows.slice(from, from + 500).map((row) => ({
          gateway,
          id: row.id,
          day,
          kind: row.kind,
          ref: row.ref,
          payment_id: row.paymentId,
          at: row.at,
          currency: row.currency,
          gross_minor: row.gross,
          fee_minor: row.fee,
          net_minor: row.gross - row.fee,
        })),
      )
      .onConflict((conflict) => conflict.columns(["gateway", "id"]).doNothing())
      .execute();
};

/** What was kept before about the same things. */
export const movementsAbout = (db: Db, gateway: GatewayName, refs: readonly string[]) =>
  db
    .selectFrom("payments.movement")
    .selectAll()
    .where("gateway", "=", gateway)
    .where("ref", "in", refs)
    .execute();

/** The differences of a day that were found and are not gone. */
export const differencesOfDay = (db: Db, gateway: GatewayName, day: string) =>
  db
    .selectFrom("payments.difference")
    .selectAll()
    .where("gateway", "=", gateway)
    .where("day", "=", day)
    .execute();

export const insertDifference = (
  tx: Tx,
  row: Found & { id: Id<"difference">; gateway: GatewayName; day: string },
) =>
  tx
    .insertInto("payments.difference")
    .values({
      id: row.id,
      gateway: row.gateway,
      day: row.day,
      kind: row.kind,
      what: row.what,
      ref: row.ref,
      payment_id: row.paymentId,
      currency: row.currency,
      here_minor: row.here,
      there_minor: row.there,
      found_at: tx.at,
    })
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet({ here_minor: row.here, there_minor: row.there, gone_at: null }),
    )
    .execute();

export const markGone = (tx: Tx, ids: readonly Id<"difference">[]) =>
  tx
    .updateTable("payments.difference")
    .set({ gone_at: tx.at })
    .where("id", "in", ids)
    .where("gone_at", "is", null)
    .execute();

export const resolveRow = (tx: Tx, id: Id<"difference">, by: Id<"user">, note: string) =>
  tx
    .updateTable("payments.difference")
    .set({ resolved_at: tx.at, resolved_by: by, note })
    .where("id", "=", id)
    .where("resolved_at", "is", null)
    .where("gone_at", "is", null)
    .returning("id")
    .executeTakeFirst();

const waiting = (db: Db) =>
  db.selectFrom("payments.difference").where("gone_at", "is", null).where("resolved_at", "is", null);

/** Differences that wait for somebody, the latest first. */
export const waitingRows = (db: Db, page: PageInput) => {
  const from = afterMoment("difference", page.cursor);
  let query = waiting(db)
    .selectAll()
    .orderBy("found_at", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (from) query = query.where(sql<boolean>`(found_at, id) < (${from.at}, ${from.id})`);
  return query.execute();
};

/** How many wait of each day. */
export const waitingOfDays = (db: Db, days: readonly string[]) =>
  waiting(db)
    .select(({ fn }) => ["gateway", "day", fn.countAll<bigint>().as("count")])
    .where("day", "in", days)
    .groupBy(["gateway", "day"])
    .execute();
