/** What the database says after a run, asked as its owner. Each answers the sentences of what is not as it must be. */
import { type Db, sql } from "@evx/db";

type Row = { line: string };

const lines = async (db: Db, query: ReturnType<typeof sql<Row>>): Promise<string[]> =>
  (await query.execute(db)).rows.map(({ line }) => line);

/** What waits: nobody has to do anything for it but give it time. */
export const waiting = (db: Db): Promise<string[]> =>
  lines(
    db,
    sql<Row>`
    select 'outbox: ' || name || ' x' || count(*) as line from jobs.outbox
      where run_at is null or run_at <= clock_timestamp() group by name
    union all select 'job: ' || name || ' ' || state || ' x' || count(*) from pgboss.job
      where state in ('active', 'retry') or (state = 'created' and start_after <= clock_timestamp())
      group by name, state having name !~ '^__pgboss__' and name <> 'dead_letter'
    union all select 'log: pending x' || count(*) from log.pending having count(*) > 0
    union all select 'webhook: ' || gateway || ' ' || id from payments.webhook_event
      where processed_at is null and parked_at is null
    union all select 'import: ' || id || ' ' || status from vehicles.import
      where status in ('receiving', 'queued', 'running')
    union all select 'payment: ' || id || ' is captured, and neither settled nor on its way back'
      from payments.payment where status = 'captured' and settled_at is null and refunding_at is null
    union all select 'payment: ' || p.id || ' is on its way back' from payments.payment p
      where p.refunding_at is not null and p.status not in ('refunded', 'disputed')
        and p.flag is distinct from 'refund_failed'
    union all select 'refund: ' || id || ' ' || status from payments.refund where status in ('requested', 'sent')
    union all select 'withdrawal: ' || id || ' ' || status from payments.withdrawal
      where status in ('approved', 'sent') and flag is null
    union all select 'order: ' || id || ' is paid and not delivered' from marketplace."order" where status = 'paid'
    union all select 'auction: ' || listing_id || ' is over and not closed' from marketplace.auction
      where status = 'live' and ends_at < clock_timestamp()`,
  );

/** Jobs that were given up, and events of gateways that were laid aside. */
export const givenUp = (db: Db): Promise<string[]> =>
  lines(
    db,
    sql<Row>`
    select 'job ' || name || ' failed for good: ' || left(coalesce(output::text, ''), 300) as line from pgboss.job
      where state = 'failed'
    union all select 'dead letter: ' || left(data::text, 300) from pgboss.job where name = 'dead_letter'
    union all select 'webhook of ' || gateway || ' laid aside: ' || coalesce(problem, '') from payments.webhook_event
      where parked_at is not null`,
  );

/** Nothing delivered unpaid, nothing paid undelivered, each captured payment with exactly one ending. */
export const salesFaults = (db: Db): Promise<string[]> =>
  lines(
    db,
    sql<Row>`
    with sale as (
      select o.id, o.status, o.transfer_id, o.sweep_id, coalesce(s.payment_id, o.payment_id) as payment_id,
        coalesce(s.transfer_id, o.transfer_id) as posted
      from marketplace."order" o left join marketplace.sweep s on s.id = o.sweep_id)
    select 'order ' || s.id || ' was delivered without its money' as line from sale s
      left join payments.payment p on p.id = s.payment_id
      where s.status = 'completed' and (p.captured_at is null or p.settled_at is null)
    union all select 'order ' || s.id || ' is completed and was never posted' from sale s
      where s.status = 'completed' and not exists (select from ledger.transfer t where t.id in (s.posted, s.transfer_id))
    union all select 'order ' || s.id || ' is ' || s.status || ' and yet was posted' from sale s
      where s.sweep_id is null and s.status in ('pending_payment', 'cancelled', 'expired', 'refunded')
        and exists (select from ledger.transfer t where t.id = s.transfer_id)
    -- A sweep's lines share its posting; one that fell away before has no part in it, another of its listing may.
    union all select 'sweep ' || w.id || ' took ' || -e.amount || ' g of ' || e.account_id || ', its lines there are ' || l.grams || ' g'
      from marketplace.sweep w
      join ledger.entry e on e.transfer_id = w.transfer_id and e.account_id like 'gCO2e/listing/%'
      cross join lateral (select coalesce(sum(o.amount_g), 0) as grams from marketplace."order" o
        where o.sweep_id = w.id and e.account_id = 'gCO2e/listing/' || o.listing_id and o.status in ('completed', 'disputed')) l
      where -e.amount <> l.grams
    union all select 'payment ' || p.id || ' (' || p.status || ') was captured and ended neither in a sale nor in its buyer''s hands'
      from payments.payment p
      where p.captured_at is not null and p.settled_at is null and p.charged_back_at is null
        and p.status not in ('refunded', 'disputed')
        and not exists (select from payments.refund r where r.payment_id = p.id and r.failure is not null)
    union all select 'payment ' || p.id || ' was settled and its order is ' || s.status from payments.payment p
      join sale s on s.payment_id = p.id
      where p.settled_at is not null and s.status not in ('completed', 'disputed', 'refunded', 'cancelled')
    union all select 'page ' || a.ref || ' (' || a.status || ') brought money that nobody has given back'
      from payments.attempt a
      where a.status in ('surplus', 'mismatch') and coalesce(a.received_minor, (select p.amount_minor from payments.payment p where p.id = a.payment_id)) is distinct from
        (select sum(r.amount_minor) from payments.refund r
          where r.payment_id = a.payment_id and r.attempt = a.number and (r.status = 'succeeded' or r.returned_at is not null or r.failure is not null))`,
  );

/** Every gram once: what was issued is what the accounts hold, and each request became credits at most once. */
export const gramFaults = (db: Db): Promise<string[]> =>
  lines(
    db,
    sql<Row>`
    select 'request ' || r.id || ' is approved and has no credits' as line from verification.request r
      where r.status = 'approved' and not exists (select from credits.batch b where b.request_id = r.id)
    union all select 'batch ' || b.id || ' is of a request that is ' || r.status from credits.batch b
      join verification.request r on r.id = b.request_id where r.status <> 'approved'
    union all select 'trip ' || t.id || ' is in two requests'  from vehicles.trip t
      where t.request_id is not null group by t.id having count(distinct t.request_id) > 1
    union all select 'batches hold ' || coalesce(sum(b.grams_g), 0) || ' g and blocks '
        || coalesce((select sum(hi - lo) from ledger.block where hi is not null), 0)
      from credits.batch b
      having coalesce(sum(b.grams_g), 0) <> coalesce((select sum(hi - lo) from ledger.block where hi is not null), 0)
    union all select 'car ' || car_id || ' drove two trips at once at ' || started_at from (
      select car_id, started_at, lag(ended_at) over (partition by car_id order by started_at) as before
      from vehicles.trip where status in ('claimed', 'verified')) t where before > started_at`,
  );

/** A page at a gateway that took money, as our books know it. */
export type Booked = { ref: string; received: boolean };

export const bookedPages = async (db: Db): Promise<Booked[]> =>
  (
    await sql<Booked>`select ref, status in ('paid', 'surplus', 'mismatch') as received
      from payments.attempt where ref is not null`.execute(db)
  ).rows;

/** Which of some ids are there. */
export const known = async (db: Db, table: KnownTable, ids: readonly string[]): Promise<Set<string>> => {
  const { rows } = await sql<{
    id: string;
  }>`select ${sql.ref(table.column)} as id from ${sql.table(table.table)}
    where ${sql.ref(table.column)} = any(${ids}::text[])`.execute(db);
  return new Set(rows.map(({ id }) => id));
};

export type KnownTable = { readonly table: string; readonly column: string };

/** How many trips an import brought that are still there. */
export const tripsOfImports = async (db: Db, ids: readonly string[]): Promise<Map<string, number>> => {
  const { rows } = await sql<{ id: string; count: bigint }>`select import_id as id, count(*) as count
    from vehicles.trip where import_id = any(${ids}::text[]) group by 1`.execute(db);
  return new Map(rows.map(({ id, count }) => [id, Number(count)]));
};

/** The grams of some retirements by certificate number, and of some transfers by their id. */
export const gramsMoved = async (db: Db, ids: readonly string[]): Promise<Map<string, bigint>> => {
  const { rows } = await sql<{ id: string; grams: bigint }>`
    select c.number as id, r.grams_g as grams from verification.certificate c
      join credits.retirement r on r.id = c.subject_id where c.number = any(${ids}::text[])
    union all select e.transfer_id, e.amount from ledger.entry e
      where e.transfer_id = any(${ids}::text[]) and e.amount > 0`.execute(db);
  return new Map(rows.map(({ id, grams }) => [id, grams]));
};

/** What became of the orders for which a gateway took money. */
export const endingsOf = async (db: Db, ids: readonly string[]): Promise<Map<string, string>> => {
  const { rows } = await sql<{ id: string; ending: string }>`
    select p.order_id as id, p.status || case when p.settled_at is null then '' else ' settled' end as ending
    from payments.payment p where p.order_id = any(${ids}::text[])`.execute(db);
  return new Map(rows.map(({ id, ending }) => [id, ending]));
};

/** Ends the backend of one connection, as the kernel's killer of processes would; all others then begin again. */
export const aBackend = async (db: Db): Promise<number | null> => {
  const { rows } = await sql<{ pid: number }>`select pid from pg_stat_activity
    where application_name like 'evx-%' and state <> 'idle' and pid <> pg_backend_pid()
    order by query_start desc nulls last limit 1`.execute(db);
  return rows[0]?.pid ?? null;
};

/** Whether a worker is numbering entries of the log at this moment. */
export const isSequencing = async (db: Db): Promise<boolean> => {
  const { rows } = await sql<{ busy: boolean }>`select exists (
    select from pg_locks l, (select hashtext('log.sequence')::bigint as key) k
    where l.locktype = 'advisory' and l.granted
      and l.objid = (k.key & 4294967295)::oid and l.classid = ((k.key >> 32) & 4294967295)::oid) as busy`.execute(
    db,
  );
  return rows[0]?.busy ?? false;
};
