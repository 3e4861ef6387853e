-- Locks accounts in the order given until the transaction ends, and opens those that are not there with their holders.
-- The same locks in the same order as one leg after the other takes: runs of accounts that are there, and of those
-- that are not, cost one statement each.
--
-- Example:
--   select ledger.lock_accounts(array['USD/cash/usr_anna', 'gCO2e/listing/lst_one'], array[null, 'usr_anna'], '2026-03-01');
--   select id, holder, balance from ledger.account order by id collate "C";
--   => USD/cash/usr_anna | usr_anna | 0
--   => gCO2e/listing/lst_one | usr_anna | 0
create or replace function ledger.lock_accounts(p_ids text[], p_holders text[], p_at timestamptz) returns void
language plpgsql as $$
declare
  missing record;
  unlocked int := 1;   -- the place of the first that is not locked yet
begin
  -- No account is ever removed, so those that are all there need no second look.
  if (select count(*) from ledger.account where id = any (p_ids)) < cardinality(p_ids) then
    for missing in
      select min(gap.place)::int as place, array_agg(gap.id order by gap.place) as ids,
        array_agg(gap.holder order by gap.place) as holders
      from (
        select given.*, given.place - row_number() over (order by given.place) as run
        from unnest(p_ids, p_holders) with ordinality as given (id, holder, place)
        where not exists (select from ledger.account a where a.id = given.id)
      ) as gap
      group by gap.run order by 1
    loop
      if missing.place > unlocked then
        perform from unnest(p_ids[unlocked : missing.place - 1]) with ordinality as given (id, place)
          join ledger.account a on a.id = given.id order by given.place for no key update of a;
      end if;
      perform ledger.open_accounts(missing.ids, missing.holders, p_at);
      -- Somebody else may have opened one meanwhile, so they are locked with those that follow.
      unlocked := missing.place;
    end loop;
  end if;
  perform from unnest(p_ids[unlocked :]) with ordinality as given (id, place)
    join ledger.account a on a.id = given.id order by given.place for no key update of a;
end
$$;

revoke execute on function ledger.lock_accounts from public;
