-- A decided request stands as it is.
--
-- Example:
--   insert into verification.request (id, owner_id, vehicle_id, status, submitted_at, decided_at, decided_by, trip_count,
--       distance_m, co2_saved_g, first_at, last_at, method_code, factor_set, factors, flat_g, metered_g, metered_trips,
--       country_code, vehicle_make, vehicle_model, vehicle_year, vehicle_class, quality_tier, risk_score, risk_reasons,
--       approvals_needed)
--     values ('req_one', 'usr_anna', 'veh_one', 'rejected', '2026-03-01', '2026-03-02', 'usr_cva', 1, 20000, 1500,
--       '2026-02-01', '2026-02-02', 'flat', 'vn', '{}', 1500, 0, 0, 'VN', 'VinFast', 'VF 9', 2024, 'car', 'export', 0,
--       '[]', 1);
--   update verification.request set decision_note = 'I have changed my mind.' where id = 'req_one';
--   =! Request req_one is rejected and stands as it is.
create or replace function verification.keep_decided() returns trigger
language plpgsql as $$
begin
  if old.status in ('approved', 'rejected') then
    raise exception using
      errcode = 'restrict_violation',
      message = format('Request %s is %s and stands as it is.', old.id, old.status);
  end if;
  return new;
end
$$;
