-- `write_entries` for many legs, each of another account: all balances in one statement, and all entries in it.
--
-- Example:
--   select ledger.begin_transfer('tfr_one', 'capture', '2026-03-01', null, 'what was asked');
--   select ledger.write_many_entries('tfr_one', '2026-03-01', array['USD/cash/usr_anna', 'USD/clearing/stripe'],
--     array[900, -900], array[null, null], null);
--   => {1,1}
--   select account_id, before, amount, after from ledger.entry where transfer_id = 'tfr_one' order by leg;
--   => USD/cash/usr_anna | 0 | 900 | 900
--   => USD/clearing/stripe | 0 | -900 | -900
--   select ledger.begin_transfer('tfr_two', 'payout', '2026-03-01', null, 'what was asked');
--   select ledger.write_many_entries('tfr_two', '2026-03-01', array['USD/cash/usr_anna', 'USD/payout_clearing/stripe'],
--     array[-901, 901], array[null, null], null);
--   =! balance_insufficient
create or replace function ledger.write_many_entries(
  p_transfer text, p_at timestamptz, p_accounts text[], p_amounts bigint[], p_holders text[], p_freed bigint[]
) returns bigint[]
language plpgsql as $$
declare
  freed bigint[] := coalesce(p_freed, array_fill(0::bigint, array[cardinality(p_accounts)]));
  versions bigint[];
  short int;
begin
  perform ledger.lock_accounts(p_accounts, p_holders, p_at);
  with changed as (
    update ledger.account a
    set balance = a.balance + leg.amount, held = a.held - leg.freed, version = a.version + 1
    from unnest(p_accounts, p_amounts, freed) with ordinality as leg (account, amount, freed, place)
    where a.id = leg.account
      and (a.min_balance is null or a.balance - a.held + leg.freed + leg.amount >= a.min_balance)
    returning a.id, a.version, leg.place, leg.amount, a.balance, a.holder
  ), entered as (
    insert into ledger.entry (account_id, version, transfer_id, leg, amount, before, after, holder, at)
    select c.id, c.version, p_transfer, c.place, c.amount, c.balance - c.amount, c.balance, c.holder, p_at from changed c
  )
  select array_agg(changed.version order by leg.place), min(leg.place) filter (where changed.place is null)
  into versions, short
  from generate_subscripts(p_accounts, 1) as leg (place) left join changed on changed.place = leg.place;

  if short is not null then
    perform ledger.explain_short(p_accounts[short], p_holders[short], p_amounts[short] + freed[short], p_at);
    raise exception using errcode = 'integrity_constraint_violation',
      message = format('%s is locked and changed nevertheless.', p_accounts[short]);
  end if;
  return versions;
end
$$;

revoke execute on function ledger.write_many_entries from public;
