-- The serial ranges that a transfer moved, as "batch-first-last", in portions that fit an entry.
--
-- Example:
--   select portion, ranges from log.ranges_of('tfr_unknown', 2);
--   select count(*) from log.ranges_of('tfr_unknown', 2);
--   => 0
create or replace function log.ranges_of(p_transfer text, p_size int) returns table (portion int, ranges jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select part, jsonb_agg(range order by place) from (
    select place, range, (place - 1)::int / p_size + 1 as part from (
      select row_number() over (order by b.number, m.lo) as place,
        format('%s-%s-%s', lpad(b.number::text, greatest(6, length(b.number::text)), '0'), m.lo, m.hi - 1) as range
      from ledger.block_move m join credits.batch b on b.id = m.batch_id
      where m.transfer_id = p_transfer
    ) numbered
  ) parted group by part order by part
$$;

revoke execute on function log.ranges_of from public;
