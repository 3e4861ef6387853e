-- Moves grams of one batch alone from an account to another: as many as the account has free, p_most at most. Answers
-- how many it moved; asked again under the same id, what it moved then. With none to take it writes nothing.
-- Locks as `post` does: the transfer's id, then the accounts by id, which guard their blocks.
--
-- Example:
--   select ledger.issue('tfr_one', 'bat_one', '2026-03-01', array['gCO2e/wallet/usr_anna'], array[100], null);
--   select ledger.take_of_batch('tfr_two', 'cancel', '2026-03-02', 'bat_one', 'gCO2e/wallet/usr_anna',
--     'gCO2e/cancelled', 150, null);
--   => 100
--   select ledger.take_of_batch('tfr_three', 'cancel', '2026-03-02', 'bat_one', 'gCO2e/wallet/usr_anna',
--     'gCO2e/cancelled', 150, null);
--   => 0
create or replace function ledger.take_of_batch(
  p_id text, p_kind text, p_at timestamptz, p_batch text, p_from text, p_to text, p_most bigint, p_memo jsonb
) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
as $$
declare
  accounts text[] := case when p_from collate "C" < p_to collate "C" then array[p_from, p_to] else array[p_to, p_from] end;
  grams bigint;
  amounts bigint[];
  versions bigint[];
begin
  if p_most <= 0 or p_from = p_to or not (starts_with(p_from, 'gCO2e/') and starts_with(p_to, 'gCO2e/')) then
    raise exception using errcode = 'invalid_parameter_value',
      message = format('%s takes more than zero grams from one credit account to another.', p_id);
  end if;
  if ledger.begin_transfer(p_id, p_kind, p_at, p_memo,
    sha256(convert_to(concat_ws(E'\n', 'take', p_kind, p_batch, p_from, p_to, p_most, coalesce(p_memo::text, '-')),
      'UTF8'))) then
    return (select coalesce(sum(hi - lo), 0) from ledger.block_move where transfer_id = p_id);
  end if;
  perform ledger.lock_account(accounts[1], p_at);
  perform ledger.lock_account(accounts[2], p_at);

  select coalesce(sum(hi - lo), 0) into grams from ledger.block where batch_id = p_batch and account_id = p_from;
  select least(grams, balance - held - coalesce(min_balance, 0), p_most) into grams
  from ledger.account where id = p_from;
  if grams <= 0 then raise exception using errcode = 'LDG02', message = 'nothing to take'; end if;

  amounts := case accounts[1] when p_from then array[-grams, grams] else array[grams, -grams] end;
  versions := ledger.write_entries(p_id, p_at, accounts, amounts, array[null, null], null);
  perform ledger.move_grams(p_id, accounts, amounts, versions, p_batch);
  return grams;
exception
  -- Takes back the transfer's row, which the id's lock needed and nothing followed.
  when sqlstate 'LDG02' then return 0;
end
$$;

revoke execute on function ledger.take_of_batch from public;
grant execute on function ledger.take_of_batch to evx_app;
