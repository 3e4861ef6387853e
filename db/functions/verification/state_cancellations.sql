-- Cancellations in the words of the log's entries, by id, so many after the given one.
--
-- Example:
--   select * from verification.state_cancellations('', 10);
--   select count(*) from verification.state_cancellations('tfr_', 10);
--   => 0
create or replace function verification.state_cancellations(p_after text, p_limit int) returns table (name text, facts jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.transfer_id, jsonb_build_object('id', c.transfer_id, 'grams', c.grams_g::text,
    'for', lpad(b.number::text, greatest(6, length(b.number::text)), '0'),
    'from', case when c.holder_id is null then 'buffer' else 'owner' end, 'at', log.moment(c.cancelled_at))
  from credits.cancellation c join credits.batch b on b.id = c.batch_id
  where c.transfer_id > p_after order by c.transfer_id limit p_limit
$$;

revoke execute on function verification.state_cancellations from public;
grant execute on function verification.state_cancellations to evx_app;
