import { type Db, sql } from "@evx/db";

/** Webhooks that were stored and not yet done, and when the oldest of them came. */
export const webhookBacklog = async (db: Db): Promise<{ waiting: number; oldest: Date | null }> => {
  const { rows } = await sql<{ waiting: number; oldest: Date | null }>`
    select count(*)::int as waiting, min(received_at) as oldest
    from payments.webhook_event where processed_at is null`.execute(db);
  return rows[0] ?? { waiting: 0, oldest: null };
};
