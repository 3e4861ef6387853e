-- Batches in the words of the log's entries, by number, so many after the given one.
--
-- Example:
--   select * from verification.state_batches('', 10);
--   select count(*) from verification.state_batches('000007', 10);
--   => 0
create or replace function verification.state_batches(p_after text, p_limit int) returns table (name text, facts jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select lpad(b.number::text, greatest(6, length(b.number::text)), '0'),
    jsonb_build_object('batch', lpad(b.number::text, greatest(6, length(b.number::text)), '0'),
    'grams', b.grams_g::text, 'bufferGrams', b.buffer_g::text, 'vintage', b.vintage_year, 'country', b.country_code,
    'method', b.method_code, 'factorSet', b.factor_set, 'quality', b.quality_tier, 'trips', b.trip_count,
    'tree', case when t.batch_id is not null then
      jsonb_build_object('root', t.root, 'size', t.leaf_count, 'sum', t.sum_g::text) end,
    'certificate', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), 'at', log.moment(b.issued_at),
    'accreditation', log.accreditation_of(b.cva_id, b.issued_at),
    'revoked', r.batch_id is not null, 'revokedAt', log.moment(r.revoked_at), 'owed', r.owed_g::text,
    'reason', encode(sha256(convert_to('evx-reason/1' || chr(10) || r.reason, 'UTF8')), 'hex'),
    'book', coalesce(w.grams, 0)::text, 'gone', coalesce(w.gone, 0)::text)
    || coalesce(log.vintage_of(b), '{"from": null, "to": null}')
  from credits.batch b
  left join verification.tree t on t.batch_id = b.id
  left join verification.certificate c on c.kind = 'issuance' and c.subject_id = b.request_id
  left join credits.revoked_batch r on r.batch_id = b.id
  left join lateral (
    select sum(k.hi - k.lo) as grams, sum(k.hi - k.lo) filter (where a.kind in ('retired', 'cancelled')) as gone
    from ledger.block k join ledger.account a on a.id = k.account_id where k.batch_id = b.id
  ) w on true
  where b.number > coalesce(nullif(p_after, '')::bigint, 0) order by b.number limit p_limit
$$;

revoke execute on function verification.state_batches from public;
grant execute on function verification.state_batches to evx_app;
