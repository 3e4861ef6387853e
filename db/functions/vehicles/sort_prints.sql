-- Sorts in what was added to pages of prints since, so that looking for them need not go through a list of it: about four
-- microseconds for each, nothing where nothing was added. The application owns no indexes, so this runs with its maker's
-- rights.
--
-- Example:
--   insert into vehicles.print_page (month, car_id, trips, prints) values ('2031-02-01', 900003, 1, '{15}');
--   select vehicles.sort_prints();
--   select car_id from vehicles.cars_of_prints('{15}');
--   => 900003
create or replace function vehicles.sort_prints() returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select gin_clean_pending_list('vehicles.print_page_prints')
$$;

revoke execute on function vehicles.sort_prints from public;
grant execute on function vehicles.sort_prints to evx_app;
