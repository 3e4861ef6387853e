-- What the registry's rows say now, in the words of the log's entries: each kind's facts, for whoever compares the two.
--
-- Example:
--   select kind, facts from verification.registry_state();
--   => totals | {"issued": "0", "retired": "0", "cancelled": "0", "circulating": "0"}
create or replace function verification.registry_state() returns table (kind text, facts jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select 'batch', jsonb_build_object('batch', lpad(b.number::text, greatest(6, length(b.number::text)), '0'),
    'grams', b.grams_g::text, 'bufferGrams', b.buffer_g::text, 'vintage', b.vintage_year, 'country', b.country_code,
    'method', b.method_code, 'factorSet', b.factor_set, 'quality', b.quality_tier, 'trips', b.trip_count,
    'tree', case when t.batch_id is not null then
      jsonb_build_object('root', t.root, 'size', t.leaf_count, 'sum', t.sum_g::text) end,
    'certificate', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), 'at', log.moment(b.issued_at),
    'book', coalesce((select sum(hi - lo) from ledger.block where batch_id = b.id), 0)::text)
  from credits.batch b
  left join verification.tree t on t.batch_id = b.id
  left join verification.certificate c on c.kind = 'issuance' and c.subject_id = b.request_id
  union all
  select 'certificate', jsonb_build_object('number', c.number, 'certificate', c.kind, 'key', c.key_id,
    'hash', encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), 'grams', c.credits_g::text,
    'issuedAt', c.document::jsonb ->> 'issuedAt', 'revoked', v.certificate_id is not null)
  from verification.certificate c left join verification.revocation v on v.certificate_id = c.id
  union all
  select 'retirement', jsonb_build_object('id', r.id, 'grams', r.grams_g::text, 'reason', r.reason, 'beneficiary',
    encode(sha256(convert_to('evx-beneficiary/1' || chr(10) || r.beneficiary_name, 'UTF8')), 'hex'))
  from credits.retirement r
  union all
  select 'revoked', jsonb_build_object('batch', lpad(b.number::text, greatest(6, length(b.number::text)), '0'))
  from credits.revoked_batch r join credits.batch b on b.id = r.batch_id
  union all
  select 'key', jsonb_build_object('id', id, 'publicKey', public_key, 'addedAt', log.moment(added_at))
  from verification.signing_key
  union all
  -- The audit lines that books have named as heads, as they are now.
  select 'audit', jsonb_build_object('chain', a.chain, 'seq', a.seq::text, 'hash', encode(a.hash, 'hex'))
  from (select distinct (h ->> 'chain')::smallint as chain, (h ->> 'seq')::bigint as seq
    from log.entry e, jsonb_array_elements(convert_from(e.body, 'UTF8')::jsonb -> 'audit') h where e.kind = 'book') named
  join identity.audit a on (a.chain, a.seq) = (named.chain, named.seq)
  union all
  select 'totals', jsonb_build_object(
    'issued', coalesce(-sum(balance) filter (where kind = 'issued'), 0)::text,
    'circulating', coalesce(sum(balance) filter (where kind in ('wallet', 'listing', 'buffer')), 0)::text,
    'retired', coalesce(sum(balance) filter (where kind = 'retired'), 0)::text,
    'cancelled', coalesce(sum(balance) filter (where kind = 'cancelled'), 0)::text)
  from ledger.account where asset = 'gCO2e'
$$;

revoke execute on function verification.registry_state from public;
grant execute on function verification.registry_state to evx_app;
