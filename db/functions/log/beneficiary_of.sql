-- A beneficiary as the log has it, for names are people's: a hash of the name, and of a company's Legal Entity Identifier.
--
-- Example:
--   select log.beneficiary_of('Binh', null) = log.beneficiary_of('Binh', '5493001KJTIIGC8Y1R12');
--   => f
--   select log.beneficiary_of('Binh', null) = encode(sha256(convert_to('evx-beneficiary/1' || chr(10) || 'Binh', 'UTF8')), 'hex');
--   => t
create or replace function log.beneficiary_of(p_name text, p_lei text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select encode(sha256(convert_to(case when p_lei is null then 'evx-beneficiary/1' || chr(10) || p_name
    else 'evx-beneficiary/2' || chr(10) || p_name || chr(10) || p_lei end, 'UTF8')), 'hex')
$$;

revoke execute on function log.beneficiary_of from public;
