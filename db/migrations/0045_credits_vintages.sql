-- A request that spans a new year where the vehicle is becomes a batch for each of its years, and every batch says from
-- which day to which day it was driven, by that place's calendar.

alter table credits.batch drop constraint batch_request_id_key;
alter table credits.batch add constraint batch_request_vintage unique (request_id, vintage_year);

alter table credits.batch
  add column vintage_from date,
  add column vintage_to date,
  add constraint batch_vintage_days check (
    (vintage_from is null) = (vintage_to is null) and vintage_from <= vintage_to);

alter table credits.batch disable trigger append_only;
update credits.batch b set
  vintage_from = vehicles.local_day(b.first_trip_at, c.zone),
  -- The last moment of the last trip: one that ends at midnight ends that day.
  vintage_to = vehicles.local_day(greatest(b.first_trip_at, b.last_trip_at - interval '1 millisecond'), c.zone)
from vehicles.claim_basis c where c.request_id = b.request_id;
alter table credits.batch enable trigger append_only;
