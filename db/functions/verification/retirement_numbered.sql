-- The retirement that a certificate of this number tells of; null where none does.
--
-- Example:
--   select verification.retirement_numbered('EVXC-2026-AAAAA-AAAAA-A');
--   => null
create or replace function verification.retirement_numbered(p_number text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select subject_id from verification.certificate where number = p_number and kind = 'retirement'
$$;

revoke execute on function verification.retirement_numbered from public;
grant execute on function verification.retirement_numbered to evx_app;
