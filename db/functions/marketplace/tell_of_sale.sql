-- Tells that an order, or a line of a sweep, has completed.
--
-- Example:
--   select marketplace.tell_of_sale(null::marketplace."order", null::marketplace.listing, '2026-03-01', 'req_one');
--   select name from jobs.outbox;
--   => marketplace.order_completed
create or replace function marketplace.tell_of_sale(
  p_order marketplace."order", p_listing marketplace.listing, p_at timestamptz, p_cause text
) returns void
language plpgsql as $$
begin
  perform jobs.emit('marketplace.order_completed', marketplace.completed_sale(p_order, p_listing, p_at), p_cause, p_at);
end
$$;
