-- What may be overdrawn is a matter of the schema: a floor that is lifted in a row would let whoever did it spend what nobody has,
-- and every sum would still be right.
alter table ledger.account_kind add constraint account_kind_floor check (
  case when kind in ('issued', 'loss', 'clearing', 'payout_clearing', 'debt') then min_balance is null
    else min_balance is not distinct from 0 end);
