-- A fixed price may go on the market later: its credits are set aside at once, and nobody finds or buys them before. Old code
-- leaves the column null, and finds by `open` alone. The column that says so is computed anew, with its indexes.

alter table marketplace.listing add column starts_at timestamptz;
alter table marketplace.listing
  alter column open set expression as (status = 'active' and remaining_g > 0 and starts_at is null);
create index listing_starting on marketplace.listing (starts_at) where starts_at is not null and status = 'active';
