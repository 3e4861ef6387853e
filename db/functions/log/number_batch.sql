-- Numbers batches without a gap, so that one which is missing was taken away. Batches take turns until they commit.
--
-- Example:
--   insert into credits.batch (id, request_id, transfer_id, owner_id, cva_id, vintage_year, country_code, method_code,
--     factor_set, quality_tier, vehicle_class, trip_count, first_trip_at, last_trip_at, grams_g, buffer_g, issued_at)
--   select 'bat_' || n, 'req_' || n, 'tfr_' || n, 'usr_anna', 'usr_binh', 2026, 'VN', 'flat-v1', 'flat-v1/0', 'manual',
--     'car', 1, '2026-03-01Z', '2026-03-01Z', 10, 0, '2026-03-02Z' from generate_series(1, 2) n;
--   select id, number from credits.batch order by number;
--   => bat_1 | 1
--   => bat_2 | 2
create or replace function log.number_batch() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtext('credits.batch'), 1);
  new.number := greatest(
    coalesce((select max(number) from credits.batch), 0),
    coalesce((select max((convert_from(body, 'UTF8')::jsonb ->> 'batch')::bigint) from (
      (select body from log.pending where kind in ('batch_issued', 'void') order by id desc limit 1)
      union all
      (select body from log.entry where kind in ('batch_issued', 'void') order by place desc limit 1)) last), 0)) + 1;
  return new;
end
$$;

revoke execute on function log.number_batch from public;
