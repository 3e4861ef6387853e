-- What a person owes the venue: money that went back to their buyers after they had taken it out. Never above zero; what
-- they sell later is set off against it.
insert into ledger.account_kind (kind, asset_class, owner, min_balance) values ('debt', 'money', 'user', null);

alter table ledger.account
  drop constraint account_check2,
  add constraint account_holder
    check ((kind in ('wallet', 'listing', 'retired', 'cash', 'debt')) = (holder is not null)) not valid;
alter table ledger.account validate constraint account_holder;
-- Whom a set-off is tried for. `filled` is in an index already, so that other accounts' updates stay cheap.
create index account_debts on ledger.account (asset, id) where filled and kind = 'debt';

-- take_back: a sale's money returns for a refund. set_off: a debt is paid from what was earned. write_off: an operator
-- gives a debt up. dispute_fee: what a gateway charges for a dispute, whoever wins it.
alter table ledger.transfer
  drop constraint transfer_kind_check,
  add constraint transfer_kind_known check (kind in (
    'issue', 'transfer', 'list', 'unlist', 'sale', 'capture', 'refund', 'payout', 'payout_failed', 'retire',
    'cancel', 'buffer', 'cva_fee', 'gateway_fee', 'chargeback', 'correction', 'take_back', 'set_off', 'write_off',
    'dispute_fee')) not valid;
alter table ledger.transfer validate constraint transfer_kind_known;
