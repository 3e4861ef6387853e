-- `tell_of_sale` for all lines of a sweep that have completed, in the order of their ids.
--
-- Example:
--   select marketplace.tell_of_sales(array['ord_none'], '2026-03-01', 'req_one');
--   select count(*) from jobs.outbox;
--   => 0
create or replace function marketplace.tell_of_sales(p_lines text[], p_at timestamptz, p_cause text) returns void
language plpgsql as $$
begin
  insert into jobs.outbox (kind, name, payload, cause, at)
  select 'event', 'marketplace.order_completed', marketplace.completed_sale(o, l, p_at), p_cause, p_at
  from marketplace."order" o join marketplace.listing l on l.id = o.listing_id
  where o.id = any (p_lines) order by o.id;
end
$$;
