-- Retirements in the words of the log's entries, by id, so many after the given one.
--
-- Example:
--   select * from verification.state_retirements('', 10);
--   select count(*) from verification.state_retirements('ret_', 10);
--   => 0
create or replace function verification.state_retirements(p_after text, p_limit int) returns table (name text, facts jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.id, jsonb_build_object('id', r.id, 'grams', r.grams_g::text, 'reason', r.reason, 'beneficiary',
    log.beneficiary_of(r.beneficiary_name, r.beneficiary_lei),
    'at', log.moment(r.retired_at))
  from credits.retirement r where r.id > p_after order by r.id limit p_limit
$$;

revoke execute on function verification.state_retirements from public;
grant execute on function verification.state_retirements to evx_app;
