-- Enters the day's book with the root over all holdings, in the transaction that began it: what is issued, retired and
-- cancelled after exactly the entries before it, and the heads of the audit trail.
--
-- Example:
--   select verification.close_book('2026-03-01', '{"root": "00", "size": 2, "sum": "0"}', '2026-03-02Z');
--   => 2026-03-01
--   select convert_from(body, 'UTF8')::jsonb -> 'holdings' ->> 'size' from log.pending where kind = 'book';
--   => 2
create or replace function verification.close_book(p_day text, p_holdings jsonb, p_at timestamptz) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  lock table log.pending in share row exclusive mode;
  return log.enter('book', p_day, jsonb_build_object('day', p_day, 'holdings', p_holdings,
    'totals', verification.registry_totals(), 'checkpoints', verification.checkpoints_since_book(p_day),
    'audit', coalesce((select jsonb_agg(jsonb_build_object('chain', chain, 'seq', seq::text, 'hash', encode(hash, 'hex'))
      order by chain) from (select distinct on (chain) chain, seq, hash from identity.audit order by chain, seq desc) h),
      '[]')), p_at);
end
$$;

revoke execute on function verification.close_book from public;
grant execute on function verification.close_book to evx_app;
