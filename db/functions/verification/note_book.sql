-- Enters the day's book: what is issued, retired and cancelled after exactly the entries before it, and the heads of the
-- audit trail. Waits for those who are entering, so that none of theirs is counted and comes later.
--
-- Example:
--   select verification.note_book('2026-03-01', '2026-03-02Z');
--   => 2026-03-01
--   select convert_from(body, 'UTF8')::jsonb -> 'totals' ->> 'issued' from log.pending where kind = 'book';
--   => 0
create or replace function verification.note_book(p_day text, p_at timestamptz) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  lock table log.pending in share row exclusive mode;
  return log.enter('book', p_day, jsonb_build_object('day', p_day,
    'totals', (select facts from verification.registry_state() where kind = 'totals'),
    'audit', coalesce((select jsonb_agg(jsonb_build_object('chain', chain, 'seq', seq::text, 'hash', encode(hash, 'hex'))
      order by chain) from (select distinct on (chain) chain, seq, hash from identity.audit order by chain, seq desc) h),
      '[]')), p_at);
end
$$;

revoke execute on function verification.note_book from public;
grant execute on function verification.note_book to evx_app;
