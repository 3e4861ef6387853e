-- An accreditation takes its turn with batches, and is dated no earlier than any batch that was issued before it: so a batch's
-- entry and a later look at its moment find the same accreditation, however transactions overlapped.
--
-- Example:
--   insert into credits.batch (id, request_id, transfer_id, owner_id, cva_id, vintage_year, country_code, method_code,
--     factor_set, quality_tier, vehicle_class, trip_count, first_trip_at, last_trip_at, grams_g, buffer_g, issued_at)
--   values ('bat_1', 'req_1', 'tfr_1', 'usr_anna', 'usr_binh', 2026, 'VN', 'flat-v1', 'flat-v1/0', 'manual',
--     'car', 1, '2026-03-01Z', '2026-03-01Z', 10, 0, '2026-03-02 00:00:01Z');
--   insert into verification.accreditation (reviewer_id, body, number, assurance, entered_by, at)
--   values ('usr_binh', 'BoA', '7', 'limited', 'usr_cuc', '2026-03-02Z');
--   select log.moment(at) from verification.accreditation;
--   => 2026-03-02T00:00:01.000Z
create or replace function log.order_accreditation() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- The turn of log.number_batch, held until the transaction ends.
  perform pg_advisory_xact_lock(hashtext('credits.batch'), 1);
  new.at := greatest(new.at, (select max(issued_at) from credits.batch));
  return new;
end
$$;

revoke execute on function log.order_accreditation from public;
