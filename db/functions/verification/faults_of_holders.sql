-- Grams that moved on before a moment, for which the certificate of whoever had them still reads current; in sentences.
--
-- Example:
--   select count(*) from verification.faults_of_holders('2026-03-01Z');
--   => 0
create or replace function verification.faults_of_holders(p_before timestamptz) returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select format('Certificate %s reads current for grams %s-%s-%s, which are with somebody else.', c.number,
    lpad(b.number::text, 6, '0'), greatest(r.first_g, k.lo), least(r.last_g, k.hi - 1)) as fault
  from verification.current_lot r
  join verification.certificate c on c.id = r.certificate_id
  join credits.batch b on b.id = r.batch_id
  join ledger.block k on k.batch_id = r.batch_id and k.hi > r.first_g and k.lo <= r.last_g
  join ledger.account a on a.id = k.account_id
  join ledger.entry e on e.account_id = k.account_id and e.version = k.seq
  join ledger.transfer t on t.id = e.transfer_id
  where a.kind in ('wallet', 'listing', 'retired') and t.at < p_before
    and (a.holder <> c.holder_id or (a.kind = 'retired') <> (c.kind = 'retirement'))
  order by 1 limit 100
$$;

revoke execute on function verification.faults_of_holders from public;
grant execute on function verification.faults_of_holders to evx_app;
