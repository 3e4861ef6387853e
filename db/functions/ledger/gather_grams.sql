-- `move_grams` where many accounts give to one, and the first few blocks of each suffice, as when an order takes many
-- listings: their blocks are read in one statement, cut in another and noted in a third. Answers whether it did so;
-- false leaves all as it was.
--
-- Example:
--   select ledger.issue('tfr_one', 'bat_one', '2026-03-01', array['gCO2e/wallet/usr_anna', 'gCO2e/wallet/usr_binh'],
--     array[100, 50], null);
--   select ledger.gather_grams('tfr_two', array['gCO2e/wallet/usr_anna', 'gCO2e/wallet/usr_binh', 'gCO2e/wallet/usr_chi'],
--     array[-60, -10, 71], array[2, 2, 1], null);
--   => f
--   select ledger.begin_transfer('tfr_two', 'transfer', '2026-03-02', null, '');
--   select ledger.gather_grams('tfr_two', array['gCO2e/wallet/usr_anna', 'gCO2e/wallet/usr_binh', 'gCO2e/wallet/usr_chi'],
--     array[-60, -10, 70], array[2, 2, 1], null);
--   => t
--   select lo, hi, account_id, seq from ledger.block where hi is not null order by lo;
--   => 1 | 61 | gCO2e/wallet/usr_chi | 1
--   => 61 | 101 | gCO2e/wallet/usr_anna | 1
--   => 101 | 111 | gCO2e/wallet/usr_chi | 1
--   => 111 | 151 | gCO2e/wallet/usr_binh | 1
create or replace function ledger.gather_grams(
  p_transfer text, p_accounts text[], p_amounts bigint[], p_versions bigint[], p_batch text
) returns boolean
language plpgsql as $$
declare
  receiver int := ledger.next_receiver(p_transfer, p_accounts, p_amounts, 0);
  gathered bigint;
  batches text[]; firsts bigint[]; cuts bigint[]; ends bigint[]; givers text[]; arrivals bigint[];
begin
  select sum(grams), array_agg(batch_id order by at), array_agg(lo order by at), array_agg(lo + grams order by at),
    array_agg(hi order by at), array_agg(account order by at), array_agg(seq order by at)
  into gathered, batches, firsts, cuts, ends, givers, arrivals
  from (
    select read.*, least(hi - lo, owes - before) as grams, row_number() over (order by place, seq, batch_id, lo) as at
    from (
      select giver.account, giver.place, -giver.amount as owes, block.*,
        sum(block.hi - block.lo) over (partition by giver.place order by seq, batch_id, lo) - (hi - lo) as before
      from unnest(p_accounts, p_amounts) with ordinality as giver (account, amount, place)
      cross join lateral (
        select batch_id, lo, hi, seq from ledger.block
        where account_id = giver.account and (p_batch is null or batch_id = p_batch)
        order by seq, batch_id, lo limit 8
      ) as block
      where giver.amount < 0 and starts_with(giver.account, 'gCO2e/')
    ) as read
    where before < owes
  ) as run;
  if gathered is distinct from p_amounts[receiver] then return false; end if;

  -- One statement, since a block's end is the next one's beginning. The rests read all that was updated, so that the old
  -- successors are free by then.
  with run as materialized (
    select * from unnest(batches, firsts, cuts, ends, givers, arrivals) as run (batch, lo, cut, hi, giver, arrival)
  ), cut as (
    update ledger.block b set account_id = p_accounts[receiver], seq = p_versions[receiver], hi = run.cut
    from run where b.batch_id = run.batch and b.lo = run.lo
    returning b.batch_id
  )
  insert into ledger.block (batch_id, lo, hi, account_id, seq)
  select run.batch, run.cut, run.hi, run.giver, run.arrival from run
  where run.cut < run.hi and run.batch = any (array(select batch_id from cut));
  insert into ledger.block_move (transfer_id, batch_id, lo, hi, from_id, from_seq, to_id)
  select p_transfer, run.batch, run.lo, run.cut, run.giver, run.arrival, p_accounts[receiver]
  from unnest(batches, firsts, cuts, givers, arrivals) as run (batch, lo, cut, giver, arrival);
  return true;
end
$$;

revoke execute on function ledger.gather_grams from public;
