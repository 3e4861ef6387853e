-- At commit: a transfer has entries, they sum to zero per asset, and each credit account's entries equal
-- the grams that moved in less those that moved out. Costs the size of the transfer, not of its accounts.
--
-- Example:
--   set constraints ledger.balances immediate;
--   insert into ledger.transfer (id, kind, digest, at) values ('tfr_one', 'correction', '', '2026-03-01');
--   =! Transfer tfr_one does not balance: it has no entries.
create or replace function ledger.check_transfer() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  asset record;
  wrong text;
  has_entries boolean := false;
  has_grams boolean := false;
begin
  for asset in
    select split_part(account_id, '/', 1) as name, sum(amount) as total
    from ledger.entry where transfer_id = new.id group by 1
  loop
    has_entries := true;
    has_grams := has_grams or asset.name = 'gCO2e';
    if asset.total <> 0 then wrong := asset.name; end if;
  end loop;
  if has_grams and wrong is null then
    select account_id into wrong from (
      select account_id, amount from ledger.entry
      where transfer_id = new.id and starts_with(account_id, 'gCO2e/')
      union all
      select from_id, hi - lo from ledger.block_move where transfer_id = new.id
      union all
      select to_id, lo - hi from ledger.block_move where transfer_id = new.id
    ) part group by account_id having sum(amount) <> 0 limit 1;
  elsif not has_grams and exists (select from ledger.block_move where transfer_id = new.id) then
    wrong := 'grams moved without entries';
  end if;
  if wrong is not null or not has_entries then
    raise exception using errcode = 'integrity_constraint_violation',
      message = format('Transfer %s does not balance: %s.', new.id, coalesce(wrong, 'it has no entries'));
  end if;
  return null;
end
$$;

revoke execute on function ledger.check_transfer from public;
