-- At commit: a batch stands on trips that give its grams, on a certificate, and on grams in the book.
--
-- Example:
--   alter table credits.batch enable trigger has_tree;
--   insert into credits.batch (id, request_id, transfer_id, owner_id, cva_id, vintage_year, country_code, method_code,
--     factor_set, quality_tier, vehicle_class, trip_count, first_trip_at, last_trip_at, grams_g, buffer_g, issued_at)
--   values ('bat_2', 'req_2', 'tfr_2', 'usr_anna', 'usr_binh', 2026, 'VN', 'flat-v1', 'flat-v1/0', 'manual',
--     'car', 1, '2026-03-01Z', '2026-03-01Z', 10, 0, '2026-03-02Z');
--   set constraints all immediate;
--   =! Batch bat_2 has no trips behind it that give its grams
create or replace function log.require_tree() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  missing text;
begin
  select case
    -- A tree that commits to no grams is taken until the first one that does.
    when not exists (select from verification.tree t where t.batch_id = new.id and (t.sum_g = new.grams_g
        or t.sum_g is null and not exists (select from verification.tree where sum_g is not null)))
      then 'trips behind it that give its grams'
    when not exists (select from verification.certificate where kind = 'issuance' and subject_id = new.request_id)
      then 'certificate'
    when new.grams_g is distinct from
      (select sum(hi - lo) from ledger.block_move where transfer_id = new.transfer_id and batch_id = new.id)
      then 'grams of its size in the book'
    when not exists (select from log.pending where kind = 'batch_issued' and subject = new.id)
      then 'entry in the log'
  end into missing;
  if missing is not null then
    raise exception using errcode = 'integrity_constraint_violation',
      message = format('Batch %s has no %s.', new.id, missing);
  end if;
  return null;
end
$$;

revoke execute on function log.require_tree from public;
