-- Sales in the order of time: whoever must not miss one reads them from here (certificates of purchase). An index over
-- sales alone, so every other transfer costs what it did.
create index transfer_sales on ledger.transfer (at, id) where kind = 'sale';
