-- Moves grams from the debited credit accounts to the credited ones, in the order of the legs: each account gives its
-- oldest blocks first, of p_batch alone where one is named. The accounts' locks guard their blocks.
-- Blocks are read a hundred at a time, since how many are needed is known only when they are seen.
--
-- Example:
--   select ledger.issue('tfr_one', 'bat_one', '2026-03-01', array['gCO2e/wallet/usr_anna'], array[100], null);
--   select ledger.post('tfr_two', 'transfer', '2026-03-02', array['gCO2e/wallet/usr_anna', 'gCO2e/wallet/usr_binh',
--     'gCO2e/wallet/usr_chi'], array[-30, 10, 20], array[null, null, null], null, '{}', null);
--   select batch_id, lo, hi, from_id, from_seq, to_id from ledger.block_move where transfer_id = 'tfr_two' order by lo;
--   => bat_one | 1 | 11 | gCO2e/wallet/usr_anna | 1 | gCO2e/wallet/usr_binh
--   => bat_one | 11 | 31 | gCO2e/wallet/usr_anna | 1 | gCO2e/wallet/usr_chi
create or replace function ledger.move_grams(
  p_transfer text, p_accounts text[], p_amounts bigint[], p_versions bigint[], p_batch text
) returns void
language plpgsql as $$
declare
  receiver int := 0;            -- the leg that gets grams now
  receiver_lacks bigint := 0;   -- grams that it still has to get
  giver_owes bigint;            -- grams that the debited account still has to give
  run record;                   -- grams of one block of the giver that are not given yet
  more boolean;
  grams bigint;
  last_seq bigint; last_batch text; last_lo bigint;
  batches text[] := '{}'; firsts bigint[] := '{}'; ends bigint[] := '{}';
  givers text[] := '{}'; arrivals bigint[] := '{}'; receivers text[] := '{}';
begin
  if cardinality(p_accounts) > 8 and ledger.gather_grams(p_transfer, p_accounts, p_amounts, p_versions, p_batch) then
    return;
  end if;
  for giver in 1 .. cardinality(p_accounts) loop
    continue when p_amounts[giver] > 0 or not starts_with(p_accounts[giver], 'gCO2e/');
    giver_owes := -p_amounts[giver];
    last_seq := -1; last_batch := ''; last_lo := 0;
    while giver_owes > 0 loop
      more := false;
      for run in
        select batch_id, lo, hi, seq from ledger.block
        where account_id = p_accounts[giver] and (seq, batch_id, lo) > (last_seq, last_batch, last_lo)
          and (p_batch is null or batch_id = p_batch)
        order by seq, batch_id, lo limit 100
      loop
        more := true;
        last_seq := run.seq; last_batch := run.batch_id; last_lo := run.lo;
        while run.lo < run.hi and giver_owes > 0 loop
          if receiver_lacks = 0 then
            receiver := ledger.next_receiver(p_transfer, p_accounts, p_amounts, receiver);
            receiver_lacks := p_amounts[receiver];
          end if;
          grams := least(run.hi - run.lo, giver_owes, receiver_lacks);
          perform ledger.give_run(run.batch_id, run.lo, run.hi, grams, p_accounts[giver], run.seq,
            p_accounts[receiver], p_versions[receiver]);
          batches := batches || run.batch_id; firsts := firsts || run.lo; ends := ends || (run.lo + grams);
          givers := givers || p_accounts[giver]; arrivals := arrivals || run.seq;
          receivers := receivers || p_accounts[receiver];
          run.lo := run.lo + grams; giver_owes := giver_owes - grams; receiver_lacks := receiver_lacks - grams;
        end loop;
        exit when giver_owes = 0;
      end loop;
      if not more then
        raise exception using errcode = 'integrity_constraint_violation',
          message = format('%s has fewer grams in blocks than in its balance.', p_accounts[giver]);
      end if;
    end loop;
  end loop;

  insert into ledger.block_move (transfer_id, batch_id, lo, hi, from_id, from_seq, to_id)
  select p_transfer, m.batch, m.lo, m.hi, m.giver, m.arrival, m.receiver
  from unnest(batches, firsts, ends, givers, arrivals, receivers) as m (batch, lo, hi, giver, arrival, receiver);
end
$$;

revoke execute on function ledger.move_grams from public;
