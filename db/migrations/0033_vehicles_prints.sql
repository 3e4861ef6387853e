-- The same drive recorded for another car is found by a keyed hash of when it was and how far it went, and a copy that was
-- moved in time by a keyed hash of how trips follow one another. No position goes into either.

create table vehicles.print_key (
  one boolean primary key default true check (one),
  key bytea not null check (length(key) = 32)
);

insert into vehicles.print_key (key)
  values (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

-- Null for trips from before, for a day's record without an odometer, and, of shapes, for three out of four.
alter table vehicles.trip add column print int8;
alter table vehicles.trip add column shape int8;

create index trip_print on vehicles.trip (print) where print is not null;
create index trip_shape on vehicles.trip (shape) where shape is not null;

grant select on vehicles.print_key to evx_app;
