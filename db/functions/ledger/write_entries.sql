-- Changes the balance of each leg's account, leg after leg, and writes their entries. Answers the version that each
-- account came to. p_freed says how much of what is held back on each leg's account becomes free with it; null: nothing.
-- The legs are in account order (bytes), each account's credits before its debits, a credit account once: two transfers
-- lock their accounts in the same order, so they cannot wait for each other.
-- Refuses `balance_insufficient`.
--
-- Example:
--   select ledger.write_entries('tfr_one', '2026-03-01', array['USD/cash/usr_anna', 'USD/clearing/stripe'],
--     array[900, -900], array[null, null], null);
--   =! a transfer is closed once its transaction has ended
--   select ledger.begin_transfer('tfr_one', 'capture', '2026-03-01', null, 'what was asked');
--   select ledger.write_entries('tfr_one', '2026-03-01', array['USD/cash/usr_anna', 'USD/clearing/stripe'],
--     array[900, -900], array[null, null], null);
--   => {1,1}
--   select account_id, before, amount, after from ledger.entry where transfer_id = 'tfr_one' order by leg;
--   => USD/cash/usr_anna | 0 | 900 | 900
--   => USD/clearing/stripe | 0 | -900 | -900
create or replace function ledger.write_entries(
  p_transfer text, p_at timestamptz, p_accounts text[], p_amounts bigint[], p_holders text[], p_freed bigint[]
) returns bigint[]
language plpgsql as $$
declare
  versions bigint[] := '{}';
  balances bigint[] := '{}';
  owners text[] := '{}';
  new_version bigint;
  new_balance bigint;
  owner text;
  freed bigint := 0;
  once boolean := true;   -- no account has two legs
begin
  for leg in 2 .. cardinality(p_accounts) loop
    continue when p_accounts[leg] collate "C" > p_accounts[leg - 1] collate "C";
    once := false;
    if p_accounts[leg] <> p_accounts[leg - 1] or p_amounts[leg] > p_amounts[leg - 1]
      or starts_with(p_accounts[leg], 'gCO2e/') then
      raise exception using errcode = 'invalid_parameter_value',
        message = format('The legs of %s are not in account order.', p_transfer);
    end if;
  end loop;
  if once and cardinality(p_accounts) > 4 then
    return ledger.write_many_entries(p_transfer, p_at, p_accounts, p_amounts, p_holders, p_freed);
  end if;
  for leg in 1 .. cardinality(p_accounts) loop
    if p_freed is not null then freed := p_freed[leg]; end if;
    loop
      update ledger.account
      set balance = balance + p_amounts[leg], held = held - freed, version = version + 1
      where id = p_accounts[leg]
        and (min_balance is null or balance - held + freed + p_amounts[leg] >= min_balance)
      returning version, balance, holder into new_version, new_balance, owner;
      exit when found;
      perform ledger.explain_short(p_accounts[leg], p_holders[leg], p_amounts[leg] + freed, p_at);
    end loop;
    versions[leg] := new_version;
    balances[leg] := new_balance;
    owners[leg] := owner;
  end loop;

  insert into ledger.entry (account_id, version, transfer_id, leg, amount, before, after, holder, at)
  select e.account, e.version, p_transfer, e.leg, e.amount, e.balance - e.amount, e.balance, e.owner, p_at
  from unnest(p_accounts, versions, p_amounts, balances, owners)
    with ordinality as e (account, version, amount, balance, owner, leg);
  return versions;
end
$$;

revoke execute on function ledger.write_entries from public;
