-- The checkpoints that were published since the last book before a day's, as its own entry names them: all, where none before
-- it did.
--
-- Example:
--   select verification.checkpoints_since_book('2026-03-01') ->> 'count';
--   => 0
create or replace function verification.checkpoints_since_book(p_day text) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with last as (select max(day) as day from verification.book where day < p_day), named as (
    select body from log.entry, last where kind = 'book' and subject = last.day
    union all
    select body from log.pending, last where kind = 'book' and subject = last.day
  )
  select log.checkpoints_between(
    coalesce((select (convert_from(body, 'UTF8')::jsonb #>> '{checkpoints,to}')::bigint from named limit 1), 0),
    coalesce((select max(size) from log.checkpoint), 0))
$$;

revoke execute on function verification.checkpoints_since_book from public;
