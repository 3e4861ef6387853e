-- At commit: grams are issued for a batch, retired by a retirement, cancelled for a batch by its row, given by somebody whose
-- gift is in the audit trail, and put up for sale or taken back by one and the same person; or not at all.
--
-- Example:
--   alter table ledger.transfer enable trigger has_fact;
--   select ledger.issue('tfr_one', 'bat_one', '2026-03-01', array['gCO2e/wallet/usr_anna'], array[90], null);
--   => f
--   set constraints all immediate;
--   =! Transfer tfr_one issues grams of no batch
create or replace function log.require_fact() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  missing text;
begin
  missing := case new.kind
    when 'issue' then case when not exists (select from credits.batch where transfer_id = new.id)
      then 'issues grams of no batch' end
    when 'retire' then case when not exists (select from credits.retirement where transfer_id = new.id)
      then 'retires grams without a retirement' end
    when 'cancel' then case when not exists (select from credits.cancellation where transfer_id = new.id)
      then 'cancels grams for no batch' end
    -- The giver is whose grams left, not whom the memo names.
    when 'transfer' then case when exists (select from ledger.entry e join ledger.account a on a.id = e.account_id
        where e.transfer_id = new.id and a.asset = 'gCO2e' and e.amount < 0 and not exists (select from identity.audit t
          where t.action = 'credits.transfer' and t.object = new.id and t.actor_id = a.holder))
      then 'gives grams that, by the audit trail, their owner did not give' end
    else case when exists (select from ledger.entry e join ledger.account a on a.id = e.account_id
        where e.transfer_id = new.id and a.asset = 'gCO2e' group by a.holder having sum(e.amount) <> 0)
      then 'moves grams to somebody else than whose they are' end
  end;
  if missing is not null then
    raise exception using errcode = 'integrity_constraint_violation', message = format('Transfer %s %s.', new.id, missing);
  end if;
  return null;
end
$$;

revoke execute on function log.require_fact from public;
