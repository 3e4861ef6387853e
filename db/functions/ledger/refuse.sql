-- A refusal: SQLSTATE LDG01, its code as message and what it needs to be told as JSON in detail.
--
-- Example:
--   select ledger.refuse('hold_ended', '{"holdId": "ord_one"}');
--   =! hold_ended
create or replace function ledger.refuse(p_code text, p_details jsonb default '{}') returns void
language plpgsql as $$
begin
  raise exception using errcode = 'LDG01', message = p_code, detail = p_details::text;
end
$$;

revoke execute on function ledger.refuse from public;
