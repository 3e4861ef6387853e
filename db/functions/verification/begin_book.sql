-- Begins a day's book: what everybody holds, at a moment at which nobody issues, retires or cancels until the caller's
-- transaction ends. Grams of the buffer and cancelled ones are the venue's.
--
-- Example:
--   select * from verification.begin_book();
--   select count(*) from verification.begin_book();
--   => 0
create or replace function verification.begin_book() returns table (holder text, state text, grams bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  lock table log.pending in share row exclusive mode;
  return query
    select coalesce(a.holder, 'venue'),
      case a.kind when 'wallet' then 'held' when 'listing' then 'listed' else a.kind end,
      sum(a.balance)::bigint
    from ledger.account a
    where a.asset = 'gCO2e' and a.kind in ('wallet', 'listing', 'retired', 'buffer', 'cancelled') and a.filled
    group by 1, 2 order by 1, 2;
end
$$;

revoke execute on function verification.begin_book from public;
grant execute on function verification.begin_book to evx_app;
