-- At commit: a new certificate takes its grams over from those that were current for them.
--
-- Example:
--   select count(*) from pg_trigger where tgname = 'b_standing';
--   => 1
create or replace function verification.settle_standing() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform verification.note_standing(new.id);
  return null;
end
$$;

revoke execute on function verification.settle_standing from public;
