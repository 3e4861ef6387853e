import type { GatewayName, Notice, Subject } from "@evx/adapters";
import type { Db, Tx } from "@evx/db";
import { afterCursor, type PageInput } from "@evx/kernel";
import { sql } from "kysely";

/** Answers whether the event is new: a gateway delivers the same one again when it likes. */
export const insertEvent = async (
  tx: Tx,
  gateway: GatewayName,
  notice: Notice,
  rawBody: string,
): Promise<boolean> => {
  const row = await tx
    .insertInto("payments.webhook_event")
    .values({
      gateway,
      id: notice.id,
      type: notice.type,
      subject: JSON.stringify(notice.subject),
      raw_body: rawBody,
      happened_at: notice.at,
      received_at: tx.at,
    })
    .onConflict((conflict) => conflict.columns(["gateway", "id"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
};

/**
 * What an event is about, and all waiting events that are about the same payment, this one among them; null when there is no
 * such event or it was processed.
 */
export const waitingSubject = async (
  db: Db,
  gateway: GatewayName,
  id: string,
): Promise<{ subject: Subject; events: string[] } | null> => {
  const { rows } = await sql<{ subject: Subject; events: string[] | null }>`
    select e.subject, case when e.subject ->> 'kind' = 'payment' then array(
      select o.id from payments.webhook_event o
      where o.subject ->> 'paymentId' = e.subject ->> 'paymentId' and o.processed_at is null
        and o.gateway = e.gateway and o.subject ->> 'kind' = 'payment') end as events
    from payments.webhook_event e
    where e.gateway = ${gateway} and e.id = ${id} and e.processed_at is null`.execute(db);
  const [row] = rows;
  return row ? { subject: row.subject, events: [...new Set([...(row.events ?? []), id])] } : null;
};

export const markProcessed = (tx: Tx, gateway: GatewayName, ids: readonly string[], outcome: string) =>
  tx
    .updateTable("payments.webhook_event")
    .set({ processed_at: tx.at, outcome, parked_at: null, problem: null })
    .where("gateway", "=", gateway)
    .where("id", "=", sql<string>`any(${[...ids]}::text[])`)
    .where("processed_at", "is", null)
    .execute();

/** Events that no job has finished, for when a job was lost or gave up. */
export const quietEvents = (db: Db, gateway: GatewayName, before: Date, limit: number) =>
  db
    .selectFrom("payments.webhook_event")
    .select(["gateway", "id"])
    .where("gateway", "=", gateway)
    .where("processed_at", "is", null)
    .where("parked_at", "is", null)
    .where("received_at", "<", before)
    // Those that were tried least come first, so that none waits behind what fails each time.
    .orderBy("tries")
    .orderBy("received_at")
    .limit(limit)
    .execute();

export const eventRows = (db: Db, page: PageInput, show: "all" | "waiting" | "parked") => {
  const after = afterCursor(page.cursor, ([millis, name, ...rest]) =>
    rest.length === 0 && typeof millis === "number" && typeof name === "string"
      ? { at: new Date(millis), name }
      : null,
  );
  let query = db
    .selectFrom("payments.webhook_event")
    .select(["gateway", "id", "type", "received_at", "processed_at", "parked_at", "tries", "problem"])
    .orderBy("received_at", "desc")
    .orderBy((eb) => sql`${eb.ref("gateway")} || ' ' || ${eb.ref("id")}`, "desc")
    .limit(page.limit + 1);
  if (show === "parked") query = query.where("parked_at", "is not", null);
  if (show === "waiting") query = query.where("processed_at", "is", null);
  if (after)
    query = query.where(sql<boolean>`(received_at, gateway || ' ' || id) < (${after.at}, ${after.name})`);
  return query.execute();
};

/** Lets an event that was laid aside be tried again. Answers whether there is one. */
export const awakenEvent = async (tx: Tx, gateway: GatewayName, id: string): Promise<boolean> => {
  const row = await tx
    .updateTable("payments.webhook_event")
    .set({ parked_at: null, tries: 0 })
    .where("gateway", "=", gateway)
    .where("id", "=", id)
    .where("processed_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
};

/** Counts a try that came to nothing; after so many, of an event received by then, it is laid aside for a person. */
export const noteTry = (
  tx: Tx,
  { gateway, eventId }: { gateway: GatewayName; eventId: string },
  { problem, most, receivedBy }: { problem: string; most: number; receivedBy: Date },
) =>
  tx
    .updateTable("payments.webhook_event")
    .set((eb) => ({
      tries: eb("tries", "+", 1),
      problem: problem.slice(0, 500),
      parked_at: eb
        .case()
        .when(eb.and([eb("tries", ">=", most - 1), eb("received_at", "<=", receivedBy)]))
        .then(eb.val(tx.at))
        .else(eb.ref("parked_at"))
        .end(),
    }))
    .where("gateway", "=", gateway)
    .where("id", "=", eventId)
    .where("processed_at", "is", null)
    .returning("parked_at")
    .executeTakeFirst();
