-- Makes a certificate the current one for its grams that lie where it says: with its holder, or retired by them. Those
-- that were current before are passed on, by range, and so it is logged; grams that had moved on before it was made are
-- logged as passed on by itself. Certificates of one batch take turns.
--
-- Example:
--   select verification.note_standing('crt_unknown');
--   => null
create or replace function verification.note_standing(p_certificate text) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtext('verification.current_lot'), stripe)
  from (select distinct abs(hashtext(batch_id) % 64) as stripe from verification.certificate_lot
    where certificate_id = p_certificate order by 1) s;
  with c as (
    select * from verification.certificate where id = p_certificate
  ), piece as (
    select l.batch_id, int8range(greatest(l.first_g, b.lo), least(l.last_g + 1, b.hi)) as span,
      a.holder = c.holder_id and a.kind = any (case c.kind when 'retirement' then array['retired'] else array['wallet', 'listing'] end)
        as fits
    from c join verification.certificate_lot l on l.certificate_id = c.id
    join ledger.block b on b.batch_id = l.batch_id and b.hi > l.first_g and b.lo <= l.last_g
      and b.lo >= (select max(lo) from ledger.block where batch_id = l.batch_id and lo <= l.first_g)
    join ledger.account a on a.id = b.account_id
  ), place as (
    select batch_id, range_agg(span) filter (where fits) as own, range_agg(span) filter (where fits is not true) as other
    from piece group by batch_id
  ), hit as (
    delete from verification.current_lot r using place p
    where r.batch_id = p.batch_id and r.first_g < upper(p.own) and int8range(r.first_g, r.last_g + 1) && p.own
      and r.first_g >= coalesce((select max(first_g) from verification.current_lot
        where batch_id = p.batch_id and first_g <= lower(p.own)), 1)
    returning r.*, int8multirange(int8range(r.first_g, r.last_g + 1)) as whole, p.own
  ), kept as (
    insert into verification.current_lot (batch_id, first_g, last_g, certificate_id)
    select batch_id, lower(s), upper(s) - 1, certificate_id from hit, unnest(whole - own) s
  ), taken as (
    insert into verification.current_lot (batch_id, first_g, last_g, certificate_id)
    select batch_id, lower(s), upper(s) - 1, p_certificate from place, unnest(own) s
  ), passed as (
    select certificate_id, batch_id, s from hit, unnest(whole * own) s where certificate_id <> p_certificate
    union all
    select p_certificate, batch_id, s from place, unnest(other) s
  ), numbered as (
    select o.number, c.number as by, o.id <> c.id as later, c.issued_at,
      format('%s-%s-%s', lpad(b.number::text, greatest(6, length(b.number::text)), '0'), lower(s), upper(s) - 1) as range,
      (row_number() over (partition by o.id order by b.number, lower(s)) - 1)::int / 800 + 1 as part
    from passed join verification.certificate o on o.id = passed.certificate_id
    join credits.batch b on b.id = passed.batch_id cross join c
  ), parted as (
    select number, by, later, issued_at, part, jsonb_agg(range) as ranges from numbered group by 1, 2, 3, 4, 5 order by 1, 5
  )
  select null from (select count(log.enter('standing', format('%s/%s/%s', by, number, part),
    jsonb_build_object('number', number, 'by', case when later then by end, 'ranges', ranges, 'part', part), issued_at))
    from parted) entered into p_certificate;
  return null;
end
$$;

revoke execute on function verification.note_standing from public;
