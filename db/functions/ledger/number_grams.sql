-- Numbers the grams of a new batch from 1 and gives them to the credited legs, in the order of the legs.
-- Refuses `batch_already_issued`.
--
-- Example:
--   select ledger.issue('tfr_one', 'bat_one', '2026-03-01', array['gCO2e/buffer', 'gCO2e/wallet/usr_anna'],
--     array[10, 90], null);
--   select batch_id, lo, hi, account_id from ledger.block where batch_id = 'bat_one' order by lo;
--   => bat_one | 1 | 11 | gCO2e/buffer
--   => bat_one | 11 | 101 | gCO2e/wallet/usr_anna
--   => bat_one | 101 | null | null
--   select ledger.issue('tfr_two', 'bat_one', '2026-03-01', array['gCO2e/buffer'], array[1], null);
--   =! batch_already_issued
create or replace function ledger.number_grams(
  p_transfer text, p_batch text, p_accounts text[], p_amounts bigint[], p_versions bigint[]
) returns void
language plpgsql as $$
declare
  next_gram bigint := 1;
  firsts bigint[]; ends bigint[]; accounts text[]; versions bigint[];
begin
  if exists (select from ledger.block where batch_id = p_batch and hi is null) then
    perform ledger.refuse('batch_already_issued', jsonb_build_object('batchId', p_batch));
  end if;
  for leg in 1 .. cardinality(p_accounts) loop
    continue when p_amounts[leg] < 0;
    firsts := firsts || next_gram;
    ends := ends || (next_gram + p_amounts[leg]);
    accounts := accounts || p_accounts[leg];
    versions := versions || p_versions[leg];
    next_gram := next_gram + p_amounts[leg];
  end loop;
  -- The end row first: each block's `hi` refers to the row that follows.
  insert into ledger.block (batch_id, lo, hi, account_id, seq)
  select p_batch, next_gram, null, null, null
  union all
  select p_batch, b.lo, b.hi, b.account, b.seq
  from unnest(firsts, ends, accounts, versions) as b (lo, hi, account, seq);
  insert into ledger.block_move (transfer_id, batch_id, lo, hi, from_id, from_seq, to_id)
  select p_transfer, p_batch, b.lo, b.hi, 'gCO2e/issued', null, b.account
  from unnest(firsts, ends, accounts) as b (lo, hi, account);
end
$$;

revoke execute on function ledger.number_grams from public;
