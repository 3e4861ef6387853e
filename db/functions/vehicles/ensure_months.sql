-- Makes the partitions of months that have none, of trips or of claims. Attaching locks the parent only against other
-- attaching, so imports of other months go on. The application owns no tables, so this runs with its maker's rights.
--
-- Example:
--   select vehicles.ensure_months('trip', array['2031-02-01', '2031-03-01']::date[]);
--   select to_regclass('vehicles.trip_2031_03');
--   => vehicles.trip_2031_03
--   select vehicles.ensure_months('trip', array['2031-02-07']::date[]);
--   =! 2031-02-07 is not a month
create or replace function vehicles.ensure_months(kind text, months date[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  m date;
  part text;
begin
  if kind not in ('trip', 'claim') then
    raise exception using errcode = 'invalid_parameter_value', message = format('%s is not kept by month', kind);
  end if;
  foreach m in array months loop
    if m is null or m <> date_trunc('month', m::timestamp)::date or m < '2000-01-01' or m > '2199-12-01' then
      raise exception using errcode = 'invalid_parameter_value', message = format('%s is not a month', m);
    end if;
    part := kind || '_' || to_char(m, 'YYYY_MM');
    continue when to_regclass('vehicles.' || part) is not null;
    perform pg_advisory_xact_lock(hashtextextended('vehicles.ensure_months', 0));
    -- Read from the catalogue: a name that was looked up in vain is remembered past this lock.
    continue when exists (select from pg_class where relname = part and relnamespace = 'vehicles'::regnamespace);
    execute format('create table vehicles.%I (like vehicles.%I including all)', part, kind);
    -- A trip is written again when it is claimed and when it is verified: with room in its page no index is touched then.
    if kind = 'trip' then
      execute format('alter table vehicles.%I set (fillfactor = 50)', part);
    end if;
    execute format('alter table vehicles.%I attach partition vehicles.%I for values from (%L) to (%L)',
      kind, part, m, (m + interval '1 month')::date);
  end loop;
end
$$;

revoke execute on function vehicles.ensure_months from public;
grant execute on function vehicles.ensure_months to evx_app;
