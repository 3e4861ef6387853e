-- At commit: grams are issued for a batch and retired by a retirement, or not at all.
--
-- Example:
--   alter table ledger.transfer enable trigger has_fact;
--   select ledger.issue('tfr_one', 'bat_one', '2026-03-01', array['gCO2e/wallet/usr_anna'], array[90], null);
--   => f
--   set constraints all immediate;
--   =! Transfer tfr_one issues grams of no batch
create or replace function log.require_fact() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if new.kind = 'issue' and not exists (select from credits.batch where transfer_id = new.id) then
    raise exception using errcode = 'integrity_constraint_violation',
      message = format('Transfer %s issues grams of no batch.', new.id);
  end if;
  if new.kind = 'retire' and not exists (select from credits.retirement where transfer_id = new.id) then
    raise exception using errcode = 'integrity_constraint_violation',
      message = format('Transfer %s retires grams without a retirement.', new.id);
  end if;
  return null;
end
$$;

revoke execute on function log.require_fact from public;
