-- Ends holds as posted by a transfer, in the order of their ids. Answers how much they free on each leg's account, in
-- the order of the legs; when several legs are of one account, on its first.
-- Refuses `hold_ended` and `hold_unknown`.
--
-- Example:
--   select ledger.post('tfr_in', 'capture', '2026-03-01', array['USD/cash/usr_anna', 'USD/clearing/stripe'],
--     array[900, -900], array[null, null], null, '{}', null);
--   select ledger.hold('wdr_one', 'USD/cash/usr_anna', 500, null, '2026-03-01');
--   select ledger.end_holds('tfr_one', '2026-03-02', array['wdr_one'],
--     array['USD/cash/usr_anna', 'USD/payout_clearing/stripe']);
--   => {500,0}
--   select ledger.end_holds('tfr_two', '2026-03-02', array['wdr_one'], array['USD/cash/usr_anna']);
--   =! hold_ended
create or replace function ledger.end_holds(
  p_transfer text, p_at timestamptz, p_holds text[], p_accounts text[]
) returns bigint[]
language plpgsql as $$
declare
  freed bigint[] := array_fill(0::bigint, array[cardinality(p_accounts)]);
  ended int := 0;
  leg int;
  known record;
begin
  if cardinality(p_holds) > 8 then
    return ledger.end_many_holds(p_transfer, p_at, p_holds, p_accounts);
  end if;
  for known in select id, account_id, amount from ledger.hold where id = any (p_holds) order by id loop
    insert into ledger.hold_end (hold_id, outcome, transfer_id, at) values (known.id, 'posted', p_transfer, p_at)
    on conflict (hold_id) do nothing;
    if not found then perform ledger.refuse('hold_ended', jsonb_build_object('holdId', known.id)); end if;
    leg := array_position(p_accounts, known.account_id);
    if leg is null then
      raise exception using errcode = 'invalid_parameter_value',
        message = format('Hold %s lies on %s, which has no leg in %s.', known.id, known.account_id, p_transfer);
    end if;
    freed[leg] := freed[leg] + known.amount;
    ended := ended + 1;
  end loop;
  if ended < cardinality(p_holds) then
    perform ledger.refuse('hold_unknown', jsonb_build_object('holdId', array_to_string(p_holds, ', ')));
  end if;
  return freed;
end
$$;

revoke execute on function ledger.end_holds from public;
