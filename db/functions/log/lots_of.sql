-- The serial ranges of a certificate, as "batch-first-last", in portions that fit an entry; one empty portion for none.
--
-- Example:
--   select portion, ranges from log.lots_of('crt_unknown', 2);
--   => 1 | []
create or replace function log.lots_of(p_certificate text, p_size int) returns table (portion int, ranges jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(part, 1), coalesce(jsonb_agg(range order by place) filter (where range is not null), '[]') from (
    select place, range, (place - 1)::int / p_size + 1 as part from (
      select row_number() over (order by b.number, l.first_g) as place,
        format('%s-%s-%s', lpad(b.number::text, greatest(6, length(b.number::text)), '0'), l.first_g, l.last_g) as range
      from verification.certificate_lot l join credits.batch b on b.id = l.batch_id
      where l.certificate_id = p_certificate
    ) numbered
  ) parted right join (select 1) one on true group by part order by part
$$;

revoke execute on function log.lots_of from public;
