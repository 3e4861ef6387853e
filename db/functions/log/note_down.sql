-- Enters what the application computes: a day's book, a factor set, a certificate's standing. No other kind.
--
-- Example:
--   select log.note_down('book', '2026-03-01', '{"root": "00"}', '2026-03-01Z');
--   => 2026-03-01
--   select log.note_down('batch_issued', 'bat_one', '{}', '2026-03-01Z');
--   =! is not noted down from outside
create or replace function log.note_down(p_kind text, p_subject text, p_body jsonb, p_at timestamptz) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if p_kind not in ('book', 'factor_set', 'standing') then
    raise exception using errcode = 'insufficient_privilege',
      message = format('A %s is not noted down from outside.', p_kind);
  end if;
  return log.enter(p_kind, p_subject, p_body, p_at);
end
$$;

revoke execute on function log.note_down from public;
grant execute on function log.note_down to evx_app;
