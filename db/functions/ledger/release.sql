-- Ends a hold without a posting: the amount is free again. Answers true if it was already voided.
--
-- Example:
--   select ledger.issue('tfr_one', 'bat_one', '2026-03-01', array['gCO2e/wallet/usr_anna'], array[100], null);
--   select ledger.hold('ord_one', 'gCO2e/wallet/usr_anna', 60, null, '2026-03-01');
--   select ledger.release('ord_one', '2026-03-02');
--   => f
--   select ledger.release('ord_one', '2026-03-03');
--   => t
--   select ledger.release('ord_none', '2026-03-03');
--   =! hold_unknown
create or replace function ledger.release(p_hold text, p_at timestamptz) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  known ledger.hold;
  how text;
begin
  select * into known from ledger.hold where id = p_hold;
  if not found then perform ledger.refuse('hold_unknown', jsonb_build_object('holdId', p_hold)); end if;
  insert into ledger.hold_end (hold_id, outcome, at) values (p_hold, 'voided', p_at)
  on conflict (hold_id) do nothing;
  if not found then
    select outcome into how from ledger.hold_end where hold_id = p_hold;
    if how = 'voided' then return true; end if;
    perform ledger.refuse('hold_ended', jsonb_build_object('holdId', p_hold));
  end if;
  update ledger.account set held = held - known.amount where id = known.account_id;
  return false;
end
$$;

revoke execute on function ledger.release from public;
grant execute on function ledger.release to evx_app;
