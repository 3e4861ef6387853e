-- Certificates in the words of the log's entries, by number, so many after the given one.
--
-- Example:
--   select * from verification.state_certificates('', 10);
--   select count(*) from verification.state_certificates('EVXC', 10);
--   => 0
create or replace function verification.state_certificates(p_after text, p_limit int) returns table (name text, facts jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.number, jsonb_build_object('number', c.number, 'certificate', c.kind, 'key', c.key_id,
    'hash', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), 'grams', c.credits_g::text,
    'issuedAt', c.document::jsonb ->> 'issuedAt', 'at', log.moment(c.issued_at),
    'revoked', v.certificate_id is not null, 'revokedAt', log.moment(v.revoked_at),
    'reason', encode(sha256(convert_to('evx-reason/1' || chr(10) || v.reason, 'UTF8')), 'hex'),
    'current', coalesce((select sum(last_g - first_g + 1) from verification.current_lot where certificate_id = c.id), 0)::text)
  from verification.certificate c left join verification.revocation v on v.certificate_id = c.id
  where c.number > p_after order by c.number limit p_limit
$$;

revoke execute on function verification.state_certificates from public;
grant execute on function verification.state_certificates to evx_app;
