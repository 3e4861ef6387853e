-- Leaves events in the outbox from within another room's function; `emit` of @evx/jobs for SQL.
--
-- Example:
--   select jobs.emit('marketplace.outbid', '{"listingId": "lst_one"}', 'req_one', '2026-03-01');
--   select kind, name, payload, cause from jobs.outbox;
--   => event | marketplace.outbid | {"listingId": "lst_one"} | req_one
create or replace function jobs.emit(p_name text, p_payload jsonb, p_cause text, p_at timestamptz) returns void
language plpgsql as $$
begin
  insert into jobs.outbox (kind, name, payload, cause, at) values ('event', p_name, p_payload, p_cause, p_at);
end
$$;
