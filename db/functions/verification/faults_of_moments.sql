-- Batches, retirements and cancellations whose grams the ledger moved at another moment, or from another holder, and sales
-- that are dated after their certificate or long before it: one is certified within moments; in sentences.
--
-- Example:
--   select count(*) from verification.faults_of_moments();
--   => 0
create or replace function verification.faults_of_moments() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select format('Batch %s was issued on %s, its grams on %s.', lpad(b.number::text, 6, '0'), log.moment(b.issued_at), log.moment(t.at)) as fault
  from credits.batch b left join ledger.transfer t on t.id = b.transfer_id where b.issued_at is distinct from t.at
  union all
  select format('Retirement %s is of %s, its grams left on %s.', r.id, log.moment(r.retired_at), log.moment(t.at))
  from credits.retirement r left join ledger.transfer t on t.id = r.transfer_id where r.retired_at is distinct from t.at
  union all
  select format('Cancellation %s is of %s, its grams left on %s.', c.transfer_id, log.moment(c.cancelled_at), log.moment(t.at))
  from credits.cancellation c left join ledger.transfer t on t.id = c.transfer_id where c.cancelled_at is distinct from t.at
  union all
  select format('Cancellation %s: its row says that %s had the grams (%s), by the ledger they left %s (%s).', c.transfer_id,
    coalesce(c.holder_id, 'the buffer'), c.reason, a.id, t.memo ->> 'note')
  from credits.cancellation c join ledger.transfer t on t.id = c.transfer_id
  join ledger.entry e on e.transfer_id = t.id and e.amount < 0 join ledger.account a on a.id = e.account_id
  -- A person's grams are in their wallet or in a listing of theirs.
  where (a.kind = 'buffer') is distinct from (c.holder_id is null)
    or a.holder is distinct from c.holder_id or c.reason is distinct from t.memo ->> 'note'
  union all
  select format('Certificate %s is of %s, its %s of %s.', c.number, log.moment(c.issued_at),
    case c.kind when 'purchase' then 'sale' else 'gift' end, log.moment(t.at))
  from verification.certificate c join ledger.transfer t on t.id = c.subject_id
  where c.kind in ('purchase', 'transfer') and t.at > c.issued_at
    or c.kind = 'purchase' and t.at < c.issued_at - interval '7 days'
  order by 1 limit 100
$$;

revoke execute on function verification.faults_of_moments from public;
grant execute on function verification.faults_of_moments to evx_app;
