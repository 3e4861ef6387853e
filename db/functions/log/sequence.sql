-- Numbers pending entries from p_size on, in the order given, and publishes the checkpoint over them: all or nothing.
-- The caller computed tiles and note; what a tile held before must be the beginning of what it holds now.
--
-- Example:
--   select log.enter('void', '7', '{"batch": "000007"}', '2026-03-01Z');
--   select log.sequence(0, array(select id from log.pending), array[0], array[0],
--     array(select sha256('\x00'::bytea || body) from log.pending), sha256('root'), 'a note', '2026-03-01Z');
--   => 1
--   select place, subject from log.entry;
--   => 0 | 7
--   select log.sequence(0, array[]::bigint[], array[]::int[], array[]::bigint[], array[]::bytea[], sha256('other'), 'n', '2026-03-01Z');
--   =! The log has 1 entries, not 0
create or replace function log.sequence(
  p_size bigint, p_ids bigint[], p_levels int[], p_ns bigint[], p_hashes bytea[], p_root bytea, p_note text,
  p_at timestamptz
) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  known bigint;
  moved bigint;
begin
  perform pg_advisory_xact_lock(hashtext('log.sequence'));
  select coalesce(max(size), 0) into known from log.checkpoint;
  if known <> p_size then
    raise exception using errcode = 'serialization_failure',
      message = format('The log has %s entries, not %s.', known, p_size);
  end if;
  with taken as (
    delete from log.pending where id = any (p_ids) returning *
  )
  insert into log.entry (place, kind, subject, body, at)
  select p_size + array_position(p_ids, id) - 1, kind, subject, body, at from taken;
  get diagnostics moved = row_count;
  if moved <> cardinality(p_ids) then
    raise exception using errcode = 'serialization_failure', message = 'An entry is no longer pending.';
  end if;
  insert into log.tile (level, n, hashes)
  select * from unnest(p_levels, p_ns, p_hashes) as t (level, n, hashes)
  on conflict (level, n) do update set hashes = excluded.hashes
    where substr(excluded.hashes, 1, octet_length(log.tile.hashes)) = log.tile.hashes;
  if exists (
    select from unnest(p_levels, p_ns, p_hashes) as t (level, n, hashes)
    join log.tile k using (level, n) where k.hashes <> t.hashes
  ) then
    raise exception using errcode = 'integrity_constraint_violation', message = 'A tile would change what it holds.';
  end if;
  insert into log.checkpoint (size, root, note, at) values (p_size + moved, p_root, p_note, p_at);
  return p_size + moved;
end
$$;

revoke execute on function log.sequence from public, evx_app;
grant execute on function log.sequence to evx_working, evx_former;
