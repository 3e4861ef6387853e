-- `end_holds` for many at once: in a few statements, whatever their number. Refuses the same.
--
-- Example:
--   select ledger.post('tfr_in', 'capture', '2026-03-01', array['USD/cash/usr_anna', 'USD/clearing/stripe'],
--     array[900, -900], array[null, null], null, '{}', null);
--   select ledger.hold('wdr_one', 'USD/cash/usr_anna', 500, null, '2026-03-01');
--   select ledger.hold('wdr_two', 'USD/cash/usr_anna', 300, null, '2026-03-01');
--   select ledger.end_many_holds('tfr_one', '2026-03-02', array['wdr_one', 'wdr_two'],
--     array['USD/cash/usr_anna', 'USD/payout_clearing/stripe', 'USD/cash/usr_anna']);
--   => {800,0,0}
--   select ledger.end_many_holds('tfr_two', '2026-03-02', array['wdr_one', 'wdr_two'], array['USD/cash/usr_anna']);
--   =! hold_ended
create or replace function ledger.end_many_holds(
  p_transfer text, p_at timestamptz, p_holds text[], p_accounts text[]
) returns bigint[]
language plpgsql as $$
declare
  ended int; total bigint;
  freed bigint[];
  known record;
begin
  -- In the order of their ids, as whoever ends several.
  with ended as (
    insert into ledger.hold_end (hold_id, outcome, transfer_id, at)
    select id, 'posted', p_transfer, p_at from ledger.hold where id = any (p_holds) order by id
    on conflict (hold_id) do nothing
    returning hold_id
  )
  select count(*) into ended from ended;
  if ended < cardinality(p_holds) then
    for known in
      select h.id from ledger.hold h join ledger.hold_end e on e.hold_id = h.id
      where h.id = any (p_holds) and e.transfer_id is distinct from p_transfer order by h.id
    loop
      perform ledger.refuse('hold_ended', jsonb_build_object('holdId', known.id));
    end loop;
    perform ledger.refuse('hold_unknown', jsonb_build_object('holdId', array_to_string(p_holds, ', ')));
  end if;
  with held as (
    select account_id, sum(amount)::bigint as amount from ledger.hold where id = any (p_holds) group by account_id
  )
  select array_agg(case when leg.leads then coalesce(held.amount, 0) else 0 end order by leg.place),
    (select sum(amount) from held)
  into freed, total
  from (
    select account, place, row_number() over (partition by account order by place) = 1 as leads
    from unnest(p_accounts) with ordinality as given (account, place)
  ) leg
  left join held on held.account_id = leg.account;
  if total is distinct from (select sum(amount) from unnest(freed) as amount) then
    for known in
      select id, account_id from ledger.hold where id = any (p_holds) and account_id <> all (p_accounts) order by id
    loop
      raise exception using errcode = 'invalid_parameter_value',
        message = format('Hold %s lies on %s, which has no leg in %s.', known.id, known.account_id, p_transfer);
    end loop;
  end if;
  return freed;
end
$$;

revoke execute on function ledger.end_many_holds from public;
