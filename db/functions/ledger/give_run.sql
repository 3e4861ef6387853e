-- Gives the first grams of a run [p_lo, p_hi), which is the end of a block, to another account. What is left of the run
-- becomes a block of its own that its giver keeps, with the arrival (seq) that it had.
--
-- Example:
--   select ledger.issue('tfr_one', 'bat_one', '2026-03-01', array['gCO2e/wallet/usr_anna'], array[100], null);
--   select ledger.give_run('bat_one', 1, 101, 30, 'gCO2e/wallet/usr_anna', 1, 'gCO2e/retired/usr_anna', 7);
--   select batch_id, lo, hi, account_id, seq from ledger.block where hi is not null order by lo;
--   => bat_one | 1 | 31 | gCO2e/retired/usr_anna | 7
--   => bat_one | 31 | 101 | gCO2e/wallet/usr_anna | 1
create or replace function ledger.give_run(
  p_batch text, p_lo bigint, p_hi bigint, p_grams bigint, p_giver text, p_giver_seq bigint,
  p_receiver text, p_receiver_seq bigint
) returns void
language plpgsql as $$
begin
  if p_lo + p_grams = p_hi then
    update ledger.block set account_id = p_receiver, seq = p_receiver_seq where batch_id = p_batch and lo = p_lo;
    return;
  end if;
  -- The rest reads the update's row, so the old successor is free by then.
  with given as (
    update ledger.block set account_id = p_receiver, seq = p_receiver_seq, hi = p_lo + p_grams
    where batch_id = p_batch and lo = p_lo
    returning batch_id
  )
  insert into ledger.block (batch_id, lo, hi, account_id, seq)
  select batch_id, p_lo + p_grams, p_hi, p_giver, p_giver_seq from given;
end
$$;

revoke execute on function ledger.give_run from public;
