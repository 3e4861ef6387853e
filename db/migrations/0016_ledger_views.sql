-- Views for a person at a database shell. The product reads tables; nothing in it reads these.

create view ledger.balances as
select a.id as account, a.holder, a.kind, a.asset, a.balance, a.held, a.balance - a.held as available, a.version as postings
from ledger.account a
where a.balance <> 0 or a.held <> 0;

comment on view ledger.balances is
  'What every account that is not empty holds, in grams or minor units: where holder = ''usr_…'', or order by balance.';

-- A row for each leg; grams with the runs of their batches that came (+) or went (-) by it.
create view ledger.legs as
select t.id as transfer, t.kind, t.at, e.leg, e.account_id as account, e.amount, e.before, e.after, e.version, moved.runs, t.memo
from ledger.transfer t
join ledger.entry e on e.transfer_id = t.id
left join lateral (
  select string_agg(
    case when m.to_id = e.account_id then '+' else '-' end || m.batch_id || ':' || m.lo || '-' || m.hi - 1, ', '
    order by m.batch_id, m.lo) as runs
  from ledger.block_move m
  where m.transfer_id = t.id and e.account_id in (m.from_id, m.to_id)
    and (m.to_id = e.account_id) = (e.amount > 0)
) moved on true;

comment on view ledger.legs is 'A transfer with its legs: where transfer = ''tfr_…'' order by leg.';

grant select on ledger.balances, ledger.legs to evx_app;
