import type { Db, Tx } from "@evx/db";
import type { GatewayName, Notice, Subject } from "../gateways/gateway.ts";

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

/** What an event is about; null when there is none or it was processed. */
export const waitingSubject = async (db: Db, gateway: GatewayName, id: string): Promise<Subject | null> => {
  const row = await db
    .selectFrom("payments.webhook_event")
    .select("subject")
    .where("gateway", "=", gateway)
    .where("id", "=", id)
    .where("processed_at", "is", null)
    .executeTakeFirst();
  return (row?.subject as Subject | undefined) ?? null;
};

export const markProcessed = (tx: Tx, gateway: GatewayName, id: string, outcome: string) =>
  tx
    .updateTable("payments.webhook_event")
    .set({ processed_at: tx.at, outcome, parked_at: null, problem: null })
    .where("gateway", "=", gateway)
    .where("id", "=", id)
    .where("processed_at", "is", null)
    .execute();

/** Events that no job has finished, for when a job was lost or gave up. */
export const quietEvents = (db: Db, before: Date, limit: number) =>
  db
    .selectFrom("payments.webhook_event")
    .select(["gateway", "id"])
    .where("processed_at", "is", null)
    .where("parked_at", "is", null)
    .where("received_at", "<", before)
    .orderBy("received_at")
    .limit(limit)
    .execute();

/** Counts a try that came to nothing; after so many the event is laid aside for a person. */
export const noteTry = (tx: Tx, gateway: GatewayName, id: string, problem: string, most: number) =>
  tx
    .updateTable("payments.webhook_event")
    .set((eb) => ({
      tries: eb("tries", "+", 1),
      problem: problem.slice(0, 500),
      parked_at: eb
        .case()
        .when("tries", ">=", most - 1)
        .then(eb.val(tx.at))
        .else(eb.ref("parked_at"))
        .end(),
    }))
    .where("gateway", "=", gateway)
    .where("id", "=", id)
    .where("processed_at", "is", null)
    .returning("parked_at")
    .executeTakeFirst();
