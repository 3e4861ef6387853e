-- At commit: enters the row that was written. Its first argument is the function, its second the column of the id.
--
-- Example:
--   select verification.add_key('ed25519-one', 'AAAA', '2026-03-01Z', null, null);
--   select count(*) from log.pending;
--   => 0
--   set constraints all immediate;
--   select kind, subject from log.pending;
--   => key | ed25519-one
create or replace function log.entered() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  execute format('select log.%I($1)', tg_argv[0]) using to_jsonb(new) ->> tg_argv[1];
  return null;
end
$$;

revoke execute on function log.entered from public;
