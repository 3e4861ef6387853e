-- Credits given from person to person, in the order of time: whoever must not miss one reads them from here.
create index transfer_gifts on ledger.transfer (at, id) where kind = 'transfer';
