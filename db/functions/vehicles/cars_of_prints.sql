-- The cars, by month, for which trips with any of these prints or shapes were recorded, and may be there no more. The index
-- over prints is always the way: to compare a page with a thousand prints costs more than to find all of them. Left to itself
-- the planner walks pages by another index and compares each.
--
-- Example:
--   insert into vehicles.print_page (month, car_id, trips, prints) values
--     ('2031-02-01', 900001, 2, '{11,12}'), ('2031-02-01', 900002, 1, '{12}'), ('2031-03-01', 900002, 1, '{13}');
--   select string_agg(car_id || ' ' || month, ', ' order by car_id) from vehicles.cars_of_prints('{12,14}');
--   => 900001 2031-02-01, 900002 2031-02-01
create or replace function vehicles.cars_of_prints(p_prints int8[]) returns table (car_id bigint, month date)
language sql stable
set enable_seqscan = off
set enable_indexscan = off
set enable_indexonlyscan = off
as $$
  select distinct p.car_id, p.month from vehicles.print_page p where p.prints && p_prints
$$;
