-- The cars, by month, for which trips with any of these prints or shapes were recorded, and may be there no more. The index
-- is always the way: reading a page of prints to compare it costs more than finding it.
--
-- Example:
--   insert into vehicles.print_page (month, car_id, trips, prints) values
--     ('2031-02-01', 900001, 2, '{11,12}'), ('2031-02-01', 900002, 1, '{12}'), ('2031-03-01', 900002, 1, '{13}');
--   select string_agg(car_id || ' ' || month, ', ' order by car_id) from vehicles.cars_of_prints('{12,14}');
--   => 900001 2031-02-01, 900002 2031-02-01
create or replace function vehicles.cars_of_prints(p_prints int8[]) returns table (car_id bigint, month date)
language sql stable set enable_seqscan = off as $$
  select distinct p.car_id, p.month from vehicles.print_page p where p.prints && p_prints
$$;
