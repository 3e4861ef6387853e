-- Entries and moves may only join a transfer of this same transaction, which the check at commit will read.
--
-- Example:
--   select ledger.open_account('USD/loss', null, '2026-03-01');
--   insert into ledger.entry (account_id, version, transfer_id, leg, amount, before, after, at)
--     values ('USD/loss', 1, 'tfr_old', 1, 5, 0, 5, '2026-03-01');
--   =! ledger.entry: a transfer is closed once its transaction has ended.
create or replace function ledger.check_open() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  if exists (
    select from (select distinct transfer_id from added) as joined left join ledger.transfer t on t.id = joined.transfer_id
    where t.xid is distinct from pg_current_xact_id()
  ) then
    raise exception using errcode = 'integrity_constraint_violation',
      message = format('ledger.%I: a transfer is closed once its transaction has ended.', tg_table_name);
  end if;
  return null;
end
$$;

revoke execute on function ledger.check_open from public;
