import type { Db } from "@evx/db";
import { sql } from "@evx/db";

/** One thing that is not as it must be. */
export type Violation = { rule: string; subject: string; detail: string };

/**
 * Reads the whole book and answers every violation of its invariants, in one snapshot; none in a sound book.
 * Costs the size of the book: for tests, chaos runs and the nightly audit.
 */
export const violations = async (db: Db): Promise<Violation[]> => {
  const { rows } = await sql<Violation>`
    select 'an asset sums to zero' as rule, asset as subject, 'sum ' || sum(balance) as detail
    from ledger.account group by asset having sum(balance) <> 0

    union all
    select 'a transfer sums to zero per asset', t.id, coalesce(split_part(e.account_id, '/', 1), 'no entries')
    from ledger.transfer t left join ledger.entry e on e.transfer_id = t.id
    group by t.id, split_part(e.account_id, '/', 1) having sum(e.amount) is distinct from 0

    union all
    select 'every entry belongs to a transfer', e.transfer_id, e.account_id
    from ledger.entry e where not exists (select from ledger.transfer t where t.id = e.transfer_id)

    union all
    select 'an account is the sum of its entries', a.id,
      format('balance %s, entries %s; version %s, entries %s', a.balance, coalesce(e.total, 0), a.version, coalesce(e.entries, 0))
    from ledger.account a
    left join (select account_id, sum(amount) as total, count(*) as entries, max(version) as last
      from ledger.entry group by account_id) e on e.account_id = a.id
    where a.balance <> coalesce(e.total, 0) or a.version <> coalesce(e.entries, 0) or a.version <> coalesce(e.last, 0)

    union all
    select 'each entry starts where the one before ended', account_id, 'version ' || version
    from (select account_id, version, before, lag(after, 1, 0::int8) over (partition by account_id order by version) as left_at
      from ledger.entry) e
    where before <> left_at

    union all
    select 'an account holds back what its open holds say', a.id, format('held %s, holds %s', a.held, coalesce(h.total, 0))
    from ledger.account a
    left join (select account_id, sum(amount) as total from ledger.hold
      where not exists (select from ledger.hold_end where hold_id = hold.id) group by account_id) h on h.account_id = a.id
    where a.held <> coalesce(h.total, 0)

    union all
    select 'no account is below its floor', id, format('balance %s, held %s', balance, held)
    from ledger.account where balance - held < min_balance

    union all
    select 'a credit account is the sum of its blocks', coalesce(a.id, b.account_id),
      format('balance %s, blocks %s', coalesce(a.balance, 0), coalesce(b.total, 0))
    from (select id, balance from ledger.account where asset = 'gCO2e' and kind <> 'issued') a
    full join (select account_id, sum(hi - lo) as total from ledger.block where hi is not null group by account_id) b
      on b.account_id = a.id
    where coalesce(a.balance, 0) <> coalesce(b.total, 0)

    union all
    select 'blocks follow each other without gap or overlap', batch_id, 'at ' || lo
    from (select batch_id, lo, hi, lag(hi, 1, 1::int8) over (partition by batch_id order by lo) as expected,
        lead(lo) over (partition by batch_id order by lo) as next from ledger.block) b
    where lo <> expected or (hi is null) <> (next is null)

    union all
    select 'a block came in by the entry that it names', b.batch_id, format('at %s in %s', b.lo, b.account_id)
    from ledger.block b
    where b.hi is not null and not exists (
      select from ledger.entry e join ledger.block_move m on m.transfer_id = e.transfer_id and m.to_id = e.account_id
      where e.account_id = b.account_id and e.version = b.seq
        and m.batch_id = b.batch_id and m.lo <= b.lo and m.hi >= b.hi)

    union all
    select 'a block has not left its account since it came in', b.batch_id, format('at %s in %s', b.lo, b.account_id)
    from ledger.block b join ledger.block_move m
      on m.batch_id = b.batch_id and m.from_id = b.account_id and m.from_seq = b.seq and m.lo < b.hi and m.hi > b.lo

    union all
    select 'grams move from where they were', m.transfer_id, format('%s at %s', m.batch_id, m.lo)
    from ledger.block_move m
    where m.from_seq is not null and not exists (
      select from ledger.entry e join ledger.block_move i on i.transfer_id = e.transfer_id and i.to_id = e.account_id
      where e.account_id = m.from_id and e.version = m.from_seq
        and i.batch_id = m.batch_id and i.lo <= m.lo and i.hi >= m.hi)

    union all
    select 'a transfer of credits equals its moves', transfer_id, account_id || ' by ' || sum(amount)
    from (
      select transfer_id, account_id, amount from ledger.entry where starts_with(account_id, 'gCO2e/')
      union all select transfer_id, from_id, hi - lo from ledger.block_move
      union all select transfer_id, to_id, lo - hi from ledger.block_move
    ) part group by transfer_id, account_id having sum(amount) <> 0

    order by rule, subject, detail`.execute(db);
  return rows;
};
