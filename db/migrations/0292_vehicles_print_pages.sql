-- An import touched two indexes of all cars' trips for each trip that it recorded, at places that have nothing to do with
-- one another: where 10,000,000 trips are recorded that was a sixth to a third of its time. Prints and shapes are now kept
-- by the page: those of trips that were recorded together, one row a month, in an index that takes what is new as it
-- comes and sorts it later, many pages at once.

create table vehicles.print_page (
  id bigint generated always as identity primary key,
  month date not null,
  car_id bigint not null,
  import_id text,
  -- How many trips have a print in it.
  trips int not null check (trips > 0),
  -- Prints and shapes, in no order. One and the same page may be there twice.
  prints int8[] not null
);

comment on column vehicles.print_page.import_id is 'Id<"import">';
alter table vehicles.print_page alter column prints set storage external;
-- Nothing is planned by which hashes are frequent; to look would cost more than to index them.
alter table vehicles.print_page alter column prints set statistics 0;

insert into vehicles.print_page (month, car_id, import_id, trips, prints)
select month, car_id, import_id, count(*), array_agg(print) || coalesce(array_agg(shape) filter (where shape is not null), '{}')
from (
  select month, car_id, import_id, print, shape, row_number() over (partition by month, car_id) / 110 as page
  from vehicles.trip where print is not null) t
group by month, car_id, import_id, page;

-- What is new waits in a list of at most 64 MB; a request that looks for twins sorts it in first, and so does analyzing.
create index print_page_prints on vehicles.print_page using gin (prints)
  with (fastupdate = on, gin_pending_list_limit = 65536);
create index print_page_month on vehicles.print_page (month, car_id) include (trips);
alter table vehicles.print_page set (autovacuum_analyze_threshold = 500, autovacuum_analyze_scale_factor = 0);

grant select, insert, delete on vehicles.print_page to evx_app;

-- The release before looks for twins without these, too, only more slowly.
drop index vehicles.trip_print;
drop index vehicles.trip_shape;
