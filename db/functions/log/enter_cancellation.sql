-- Enters grams that were taken out of circulation for a batch that should not have been issued.
--
-- Example:
--   select log.enter_cancellation('tfr_unknown');
--   => null
create or replace function log.enter_cancellation(p_transfer text) returns text
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select log.enter('cancelled',
    case part.portion when 1 then c.transfer_id else format('%s/%s', c.transfer_id, part.portion) end,
    jsonb_build_object('id', c.transfer_id, 'for', lpad(b.number::text, greatest(6, length(b.number::text)), '0'),
    'grams', c.grams_g::text, 'ranges', part.ranges, 'part', part.portion,
    'from', case when c.holder_id is null then 'buffer' else 'owner' end), c.cancelled_at)
  from credits.cancellation c
  join credits.batch b on b.id = c.batch_id
  cross join lateral log.ranges_of(c.transfer_id, 800) part
  where c.transfer_id = p_transfer
$$;

revoke execute on function log.enter_cancellation from public;
