-- An auditor's accreditation as it had been entered before a moment: whose, its number, the level of assurance and its last
-- day. Null where nothing had been entered.
--
-- Example:
--   select log.accreditation_of('usr_unknown', now());
--   => null
create or replace function log.accreditation_of(p_reviewer text, p_at timestamptz) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('body', body, 'number', number, 'assurance', assurance,
    'validUntil', to_char(valid_until, 'YYYY-MM-DD'))
  from verification.accreditation where reviewer_id = p_reviewer and at < p_at order by at desc, id desc limit 1
$$;

revoke execute on function log.accreditation_of from public;
