-- Daily books in the words of the log's entries, by day, so many after the given one.
--
-- Example:
--   select * from verification.state_books('', 10);
--   select count(*) from verification.state_books('2026', 10);
--   => 0
create or replace function verification.state_books(p_after text, p_limit int) returns table (name text, facts jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select day, jsonb_build_object('day', day, 'at', log.moment(at),
    'holdings', jsonb_build_object('root', root, 'size', leaf_count, 'sum', sum_g::text))
  from verification.book where day > p_after order by day limit p_limit
$$;

revoke execute on function verification.state_books from public;
grant execute on function verification.state_books to evx_app;
