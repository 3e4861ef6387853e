-- What became of the grams of certificates, run by run: `current` where the certificate is the newest word on them,
-- `retired`, `cancelled`, `passed_on`, or `revoked` with the certificate. So many lots of each are looked at.
--
-- Example:
--   select * from verification.standing_of(array['crt_unknown'], 200);
--   select count(*) from verification.standing_of(array['crt_unknown'], 200);
--   => 0
create or replace function verification.standing_of(p_ids text[], p_most int)
returns table (certificate_id text, batch_id text, first_g bigint, last_g bigint, state text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with lot as (
    select c.id, c.kind, c.holder_id, v.certificate_id is not null as revoked, l.batch_id, l.first_g, l.last_g
    from verification.certificate c left join verification.revocation v on v.certificate_id = c.id
    cross join lateral (select * from verification.certificate_lot where certificate_id = c.id
      order by batch_id, first_g limit p_most) l
    where c.id = any (p_ids)
  ), piece as (
    select l.id, l.batch_id, int8range(greatest(l.first_g, b.lo), least(l.last_g + 1, b.hi)) as span,
      case when a.holder = l.holder_id
          and a.kind = any (case l.kind when 'retirement' then array['retired'] else array['wallet', 'listing'] end) then 'current'
        when a.kind in ('retired', 'cancelled') then a.kind else 'passed_on' end as state
    from lot l join ledger.block b on b.batch_id = l.batch_id and b.hi > l.first_g and b.lo <= l.last_g
      and b.lo >= (select max(lo) from ledger.block where batch_id = l.batch_id and lo <= l.first_g)
    join ledger.account a on a.id = b.account_id
    where not l.revoked
  ), joined as (
    select id, batch_id, state, range_agg(span) as spans from piece group by 1, 2, 3
  ), held as (
    select id, batch_id, spans, coalesce((select range_agg(int8range(first_g, last_g + 1)) from verification.current_lot r
      where r.certificate_id = j.id and r.batch_id = j.batch_id), '{}') as own
    from joined j where state = 'current'
  ), judged as (
    select id, batch_id, 'revoked' as state, int8multirange(int8range(first_g, last_g + 1)) as spans from lot where revoked
    union all select id, batch_id, 'current', spans * own from held
    union all select id, batch_id, 'passed_on', spans - own from held
    union all select id, batch_id, state, spans from joined where state <> 'current'
  )
  select id, batch_id, lower(s), upper(s) - 1, state from judged, unnest(spans) s order by 1, 2, 3
$$;

revoke execute on function verification.standing_of from public;
grant execute on function verification.standing_of to evx_app;
