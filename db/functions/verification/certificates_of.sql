-- The numbers of the certificates that tell of these requests, transfers and retirements.
--
-- Example:
--   select * from verification.certificates_of(array['tfr_unknown']);
--   select count(*) from verification.certificates_of(array['tfr_unknown']);
--   => 0
create or replace function verification.certificates_of(p_subjects text[]) returns table (subject text, number text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select subject_id, number from verification.certificate
  where kind in ('issuance', 'purchase', 'transfer', 'retirement') and subject_id = any (p_subjects)
$$;

revoke execute on function verification.certificates_of from public;
grant execute on function verification.certificates_of to evx_app;
