-- The checkpoints that were published after one size and up to another: how many, and the hash of their sizes and roots.
--
-- Example:
--   select log.checkpoints_between(0, 0) ->> 'count';
--   => 0
create or replace function log.checkpoints_between(p_from bigint, p_to bigint) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('from', p_from, 'to', p_to, 'count', count(*),
    'hash', encode(sha256(coalesce(string_agg(int8send(size) || root, '' order by size), '')), 'hex'))
  from log.checkpoint where size > p_from and size <= p_to
$$;

revoke execute on function log.checkpoints_between from public;
