-- For a person at a database shell, as those of the ledger. The product reads tables.

-- A row for each move of a run of grams, with the serial number's parts beside it.
create view credits.serial_life as
select 'EVX-' || b.country_code || '-' || b.method_code || '-' || b.vintage_year || '-' || lpad(b.number::text, greatest(6, length(b.number::text)), '0') as batch_serial,
  b.number as batch_number, m.lo as first_gram, m.hi - 1 as last_gram, t.at, t.kind, m.from_id as from_account,
  m.to_id as to_account, m.transfer_id as transfer
from credits.batch b
join ledger.block_move m on m.batch_id = b.id
join ledger.transfer t on t.id = m.transfer_id;

comment on view credits.serial_life is
  'The life of a serial number: where batch_number = 42 and 1000 between first_gram and last_gram order by at.';

grant select on credits.serial_life to evx_app;
