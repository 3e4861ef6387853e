-- Ends a hold without a posting: the amount is free again. Answers true if it was already voided.
create or replace function ledger.release(p_hold text, p_at timestamptz) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_hold ledger.hold;
  v_outcome text;
begin
  select * into v_hold from ledger.hold where id = p_hold;
  if not found then perform ledger.refuse('hold_unknown', jsonb_build_object('holdId', p_hold)); end if;
  insert into ledger.hold_end (hold_id, outcome, at) values (p_hold, 'voided', p_at)
  on conflict (hold_id) do nothing;
  if not found then
    select outcome into v_outcome from ledger.hold_end where hold_id = p_hold;
    if v_outcome = 'voided' then return true; end if;
    perform ledger.refuse('hold_ended', jsonb_build_object('holdId', p_hold));
  end if;
  update ledger.account set held = held - v_hold.amount where id = v_hold.account_id;
  return false;
end
$$;

revoke execute on function ledger.release from public;
grant execute on function ledger.release to evx_app;
