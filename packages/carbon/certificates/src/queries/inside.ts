import { type Db, sql } from "@evx/db";

/** A row that does not fit what stands beside it, in a sentence. */
type Fault = { fault: string };

const read = async (db: Db, query: ReturnType<typeof sql<Fault>>): Promise<string[]> =>
  (await query.execute(db)).rows.map(({ fault }) => fault);

/** Retirements that say another thing than the document that was signed of them. */
export const retirementFaults = (db: Db): Promise<string[]> =>
  read(
    db,
    sql<Fault>`
    select format('Retirement %s: the registry says %s, its certificate %s says %s.', id, said, number, signed) as fault
    from (
      select r.id, c.number, c.document::jsonb -> 'retirement' as signed, jsonb_build_object(
        'beneficiary', r.beneficiary_name, 'country', r.beneficiary_country, 'reason', r.reason, 'message', r.message,
        'periodFrom', to_char(r.period_from, 'YYYY-MM-DD'), 'periodTo', to_char(r.period_to, 'YYYY-MM-DD'),
        'retiredAt', log.moment(r.retired_at)) as said,
        r.holder_id = c.holder_id and r.grams_g = c.credits_g as same
      from credits.retirement r join verification.certificate c on c.kind = 'retirement' and c.subject_id = r.id
    ) pair where not same or signed is distinct from said order by id limit 100`,
  );

/** Certificates whose rows of lots are others than their document's. */
export const lotFaults = (db: Db): Promise<string[]> =>
  read(
    db,
    sql<Fault>`
    with signed as (
      select c.id, l ->> 'batch' as batch_id, part[1]::bigint as first_g, part[2]::bigint as last_g
      from verification.certificate c cross join lateral jsonb_array_elements(c.document::jsonb -> 'lots') l
      cross join lateral regexp_match(l ->> 'serial', '-([0-9]+)-([0-9]+)$') part
    ), stored as (
      select certificate_id as id, batch_id, first_g, last_g from verification.certificate_lot
    ), other as (
      (select id from (table signed except all table stored) a) union (select id from (table stored except all table signed) b)
    )
    select format('Certificate %s: its rows of serial numbers are not those that were signed.', c.number) as fault
    from other join verification.certificate c using (id) order by c.number limit 100`,
  );

/** Certificates of something that did not happen, or not with these grams. */
export const subjectFaults = (db: Db): Promise<string[]> =>
  read(
    db,
    sql<Fault>`
    with lot as (
      select certificate_id as id, batch_id, range_agg(int8range(first_g, last_g + 1)) as spans
      from verification.certificate_lot group by 1, 2
    ), source as (
      select c.id, c.kind, c.number, c.holder_id,
        case c.kind when 'retirement' then r.transfer_id when 'issuance' then null else c.subject_id end as transfer_id,
        case c.kind when 'retirement' then 'gCO2e/retired/' else 'gCO2e/wallet/' end || c.holder_id as account_id
      from verification.certificate c left join credits.retirement r on c.kind = 'retirement' and r.id = c.subject_id
    ), moved as (
      select s.id, m.batch_id, range_agg(int8range(m.lo, m.hi)) as spans
      from source s join ledger.block_move m on m.transfer_id = s.transfer_id and m.to_id = s.account_id group by 1, 2
    ), other as (
      select coalesce(l.id, m.id) as id from (select * from lot where id in (select id from source where kind <> 'issuance')) l
      full join moved m on m.id = l.id and m.batch_id = l.batch_id where l.spans is distinct from m.spans
    )
    select format('Certificate %s is of a %s that did not move these grams to its holder.', number,
      case kind when 'purchase' then 'sale' when 'transfer' then 'gift' else kind end) as fault
    from source where id in (select id from other)
    union all
    select format('Certificate %s is of request %s, which has no batch of this owner.', c.number, c.subject_id)
    from verification.certificate c where c.kind = 'issuance'
      and not exists (select from credits.batch b where b.request_id = c.subject_id and b.owner_id = c.holder_id)
    order by 1 limit 100`,
  );

/** Batches that say another thing than the certificate of their issuance. */
export const batchFaults = (db: Db): Promise<string[]> =>
  read(
    db,
    sql<Fault>`
    select format('Batch %s: its row says %s, its certificate %s says %s.', lpad(number::text, 6, '0'), said, certificate, signed) as fault
    from (
      select b.number, c.number as certificate, jsonb_strip_nulls(jsonb_build_object('vintage', l -> 'vintage',
        'from', l -> 'vintageFrom', 'to', l -> 'vintageTo', 'country', l -> 'country', 'method', l -> 'method',
        'factorSet', l -> 'factorSet', 'quality', l -> 'quality', 'root', l -> 'root')) as signed,
        jsonb_strip_nulls(jsonb_build_object('vintage', b.vintage_year,
        'from', case when l ? 'vintageFrom' then to_char(b.vintage_from, 'YYYY-MM-DD') end,
        'to', case when l ? 'vintageTo' then to_char(b.vintage_to, 'YYYY-MM-DD') end, 'country', b.country_code,
        'method', b.method_code, 'factorSet', b.factor_set, 'quality', b.quality_tier, 'root', t.root)) as said
      from credits.batch b join verification.certificate c on c.kind = 'issuance' and c.subject_id = b.request_id
      cross join lateral jsonb_array_elements(c.document::jsonb -> 'lots') l
      left join verification.tree t on t.batch_id = b.id
      where l ->> 'batch' = b.id
    ) pair where said <> signed order by number limit 100`,
  );

/** Grams that moved on more than an hour ago, for which the certificate of whoever had them still reads current. */
export const holderFaults = (db: Db, now: Date): Promise<string[]> =>
  read(
    db,
    sql<Fault>`
    select format('Certificate %s reads current for grams %s-%s-%s, which are with somebody else.', c.number,
      lpad(b.number::text, 6, '0'), greatest(r.first_g, k.lo), least(r.last_g, k.hi - 1)) as fault
    from verification.current_lot r
    join verification.certificate c on c.id = r.certificate_id
    join credits.batch b on b.id = r.batch_id
    join ledger.block k on k.batch_id = r.batch_id and k.hi > r.first_g and k.lo <= r.last_g
    join ledger.account a on a.id = k.account_id
    join ledger.entry e on e.account_id = k.account_id and e.version = k.seq
    join ledger.transfer t on t.id = e.transfer_id
    where a.kind in ('wallet', 'listing', 'retired') and t.at < ${new Date(now.getTime() - 3_600_000)}
      and (a.holder <> c.holder_id or (a.kind = 'retired') <> (c.kind = 'retirement'))
    order by 1 limit 100`,
  );

/** Entries whose columns, by which they are found, say another thing than their bytes. */
export const entryFaults = (db: Db): Promise<string[]> =>
  read(
    db,
    sql<Fault>`
    with entry as (
      select e.place, e.kind, e.subject, e.at, j, split_part(e.subject, '/', 1) as head
      from log.entry e cross join lateral (select convert_from(e.body, 'UTF8')::jsonb as j) b
    )
    select format('Entry %s is found as %s %s of %s, and is %s.', place, kind, subject, log.moment(at), j) as fault
    from entry where kind is distinct from j ->> 'kind' or log.moment(at) is distinct from j ->> 'at'
      or case kind
        when 'certificate' then head <> j ->> 'number'
        when 'retired' then head <> j ->> 'id'
        when 'cancelled' then head <> j ->> 'id'
        when 'key' then head <> j ->> 'id'
        when 'key_withdrawn' then head <> j ->> 'id'
        when 'book' then head <> j ->> 'day'
        when 'batch_issued' then not exists (select from credits.batch b where b.id = head and b.number = (j ->> 'batch')::bigint)
        else false end
    order by place limit 100`,
  );

/** What somebody did by the audit trail, and of which nothing is there. */
export const traceFaults = (db: Db): Promise<string[]> =>
  read(
    db,
    sql<Fault>`
    select format('Line %s/%s of the audit trail says %s of %s, and nothing of it is there.', chain, seq, action, object) as fault
    from identity.audit a where case action
      when 'certificate.revoke' then not exists (select from verification.revocation where certificate_id = a.object)
      when 'credits.retire' then not exists (select from credits.retirement where id = a.object)
      when 'request.approve' then not exists (select from credits.batch where request_id = a.object)
      else false end
    order by chain, seq limit 100`,
  );

/** Checkpoints as they were published, by size. */
export const checkpointRows = (db: Db) =>
  db.selectFrom("log.checkpoint").select(["size", "root", "note"]).orderBy("size").execute();

/** Trees by their batch, so many after the given one. */
export const treeRows = (db: Db, after: string, limit: number) =>
  db
    .selectFrom("verification.tree as t")
    .innerJoin("credits.batch as b", "b.id", "t.batch_id")
    .select(["t.batch_id", "b.number", "t.root", "t.leaves", "t.sums", "t.sum_g"])
    .where("t.batch_id", ">", sql<never>`${after}`)
    .orderBy("t.batch_id")
    .limit(limit)
    .execute();

/** Batches and retirements whose grams the ledger moved at another moment. */
export const momentFaults = (db: Db): Promise<string[]> =>
  read(
    db,
    sql<Fault>`
    select format('Batch %s was issued on %s, its grams on %s.', lpad(b.number::text, 6, '0'), log.moment(b.issued_at), log.moment(t.at)) as fault
    from credits.batch b left join ledger.transfer t on t.id = b.transfer_id where b.issued_at is distinct from t.at
    union all
    select format('Retirement %s is of %s, its grams left on %s.', r.id, log.moment(r.retired_at), log.moment(t.at))
    from credits.retirement r left join ledger.transfer t on t.id = r.transfer_id where r.retired_at is distinct from t.at
    order by 1 limit 100`,
  );
