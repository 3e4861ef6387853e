import { type Db, sql } from "@evx/db";

/** Requests, trips and batches that lack what they came from, in sentences. */
export const orphanFaults = async (db: Db): Promise<string[]> => {
  const { rows } = await sql<{ fault: string }>`
    select format('Request %s is approved, and has no batch.', r.id) as fault
    from verification.request r
    where r.status = 'approved' and not exists (select from credits.batch b where b.request_id = r.id)
    union all
    select format('Batch %s: by the audit trail its reviewer did not approve its request %s.', lpad(b.number::text, 6, '0'), b.request_id)
    from credits.batch b
    where not exists (select from identity.audit a
      where a.action = 'request.approve' and a.object = b.request_id and a.actor_id = b.cva_id)
    order by 1 limit 100`.execute(db);
  return rows.map(({ fault }) => fault);
};
