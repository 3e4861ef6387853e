-- One balanced posting. Legs come in account order (bytes), each account's credits before its debits, a credit
-- account once. p_releases are holds that end as posted; each must lie on an account of a leg.
-- With p_batch the credits are new grams of that batch instead of blocks of the debited accounts.
-- Answers true for a retry (same id, same content: nothing moves).
-- Locks, in this order: the transfer's id, holds by id, accounts by id, then blocks, which their account guards.
--
-- Example:
--   select ledger.post('tfr_one', 'capture', '2026-03-01', array['USD/cash/usr_anna', 'USD/clearing/stripe'],
--     array[900, -900], array[null, null], null, '{}', null);
--   => f
--   select ledger.post('tfr_one', 'capture', '2026-03-01', array['USD/cash/usr_anna', 'USD/clearing/stripe'],
--     array[900, -900], array[null, null], null, '{}', null);
--   => t
--   select ledger.post('tfr_two', 'payout', '2026-03-01', array['USD/cash/usr_anna', 'USD/payout_clearing/stripe'],
--     array[-901, 901], array[null, null], null, '{}', null);
--   =! balance_insufficient
create or replace function ledger.post(
  p_id text, p_kind text, p_at timestamptz, p_accounts text[], p_amounts bigint[], p_holders text[],
  p_memo jsonb, p_releases text[], p_batch text
) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
as $$
declare
  freed bigint[];
  versions bigint[];
begin
  if ledger.begin_transfer(p_id, p_kind, p_at, p_memo,
    sha256(convert_to(concat_ws(E'\n', p_kind, p_accounts, p_amounts, coalesce(p_releases, '{}'),
      coalesce(p_memo::text, '-'), coalesce(p_batch, '-')), 'UTF8'))) then
    return true;
  end if;
  if cardinality(p_releases) > 0 then
    freed := ledger.end_holds(p_id, p_at, p_releases, p_accounts);
  end if;
  versions := ledger.write_entries(p_id, p_at, p_accounts, p_amounts, p_holders, freed);
  -- In account order credits come last, since currencies are in capitals.
  if starts_with(p_accounts[cardinality(p_accounts)], 'gCO2e/') then
    if p_batch is null then
      perform ledger.move_grams(p_id, p_accounts, p_amounts, versions, null);
    else
      perform ledger.number_grams(p_id, p_batch, p_accounts, p_amounts, versions);
    end if;
  end if;
  return false;
end
$$;

revoke execute on function ledger.post from public;
grant execute on function ledger.post to evx_app;
