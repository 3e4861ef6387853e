import type { Db } from "@evx/db";
import { sql } from "@evx/db";

/** One thing that is not as it must be. */
export type Violation = { rule: string; subject: string; detail: string };

/** The keys after the one and up to the other; null is open. The spans of a walk leave out no key, known or not. */
export type Span = { readonly after: string | null; readonly upto: string | null };

/** What a walk over the book goes along, each with the rules that can be judged from a part of it alone. */
export type Walk = "account" | "transfer" | "batch";

const within = (column: string, { after, upto }: Span) => {
  const from = after === null ? sql<boolean>`true` : sql<boolean>`${sql.ref(column)} > ${after}`;
  return upto === null ? from : sql<boolean>`${from} and ${sql.ref(column)} <= ${upto}`;
};

const accountRules = (span: Span) => sql<Violation>`
  select 'an account is the sum of its entries' as rule, a.id as subject,
    format('balance %s, entries %s; version %s, entries %s', a.balance, coalesce(e.total, 0), a.version, coalesce(e.entries, 0)) as detail
  from ledger.account a
  left join (select account_id, sum(amount) as total, count(*) as entries, max(version) as last
    from ledger.entry where ${within("account_id", span)} group by account_id) e on e.account_id = a.id
  where ${within("a.id", span)}
    and (a.balance <> coalesce(e.total, 0) or a.version <> coalesce(e.entries, 0) or a.version <> coalesce(e.last, 0))

  union all
  select 'each entry starts where the one before ended', account_id, 'version ' || version
  from (select account_id, version, before, lag(after, 1, 0::int8) over (partition by account_id order by version) as left_at
    from ledger.entry where ${within("account_id", span)}) e
  where before <> left_at

  union all
  select 'an account holds back what its open holds say', a.id, format('held %s, holds %s', a.held, coalesce(h.total, 0))
  from ledger.account a
  left join (select account_id, sum(amount) as total from ledger.hold
    where ${within("account_id", span)} and not exists (select from ledger.hold_end where hold_id = hold.id)
    group by account_id) h on h.account_id = a.id
  where ${within("a.id", span)} and a.held <> coalesce(h.total, 0)

  union all
  select 'no account is below its floor', id, format('balance %s, held %s', balance, held)
  from ledger.account where ${within("id", span)} and balance - held < min_balance

  union all
  select 'an account has the floor of its kind', a.id, format('%s instead of %s', coalesce(a.min_balance::text, 'none'), coalesce(k.min_balance::text, 'none'))
  from ledger.account a join ledger.account_kind k on k.kind = a.kind
  where ${within("a.id", span)} and a.min_balance is distinct from k.min_balance

  union all
  select 'an entry is of its account''s holder', e.account_id, format('version %s of %s', e.version, coalesce(e.holder, 'nobody'))
  from ledger.entry e join ledger.account a on a.id = e.account_id
  where ${within("e.account_id", span)} and e.holder is distinct from a.holder

  union all
  select 'a credit account is the sum of its blocks', coalesce(a.id, b.account_id),
    format('balance %s, blocks %s', coalesce(a.balance, 0), coalesce(b.total, 0))
  from (select id, balance from ledger.account
    where ${within("id", span)} and asset = 'gCO2e' and kind <> 'issued') a
  full join (select account_id, sum(hi - lo) as total from ledger.block
    where ${within("account_id", span)} and account_id is not null group by account_id) b on b.account_id = a.id
  where coalesce(a.balance, 0) <> coalesce(b.total, 0)`;

const transferRules = (span: Span) => sql<Violation>`
  select 'a transfer sums to zero per asset' as rule, t.id as subject,
    coalesce(split_part(e.account_id, '/', 1), 'no entries') as detail
  from ledger.transfer t left join ledger.entry e on e.transfer_id = t.id
  where ${within("t.id", span)}
  group by t.id, split_part(e.account_id, '/', 1) having sum(e.amount) is distinct from 0

  union all
  select 'every entry belongs to a transfer', e.transfer_id, e.account_id
  from ledger.entry e
  where ${within("e.transfer_id", span)} and not exists (select from ledger.transfer t where t.id = e.transfer_id)

  union all
  select 'an entry is of its transfer''s moment', e.transfer_id, e.account_id
  from ledger.entry e join ledger.transfer t on t.id = e.transfer_id
  where ${within("e.transfer_id", span)} and ${within("t.id", span)} and e.at <> t.at

  union all
  select 'a block has not left its account since it came in', b.batch_id, format('at %s in %s', b.lo, b.account_id)
  from ledger.block_move m join ledger.block b
    on b.account_id = m.from_id and b.seq = m.from_seq and b.batch_id = m.batch_id and m.lo < b.hi and m.hi > b.lo
  where ${within("m.transfer_id", span)}

  union all
  select 'grams move from where they were', m.transfer_id, format('%s at %s', m.batch_id, m.lo)
  from ledger.block_move m
  where ${within("m.transfer_id", span)} and m.from_seq is not null and not exists (
    select from ledger.entry e join ledger.block_move i on i.transfer_id = e.transfer_id and i.to_id = e.account_id
    where e.account_id = m.from_id and e.version = m.from_seq
      and i.batch_id = m.batch_id and i.lo <= m.lo and i.hi >= m.hi)

  union all
  select 'a transfer of credits equals its moves', transfer_id, account_id || ' by ' || sum(amount)
  from (
    select transfer_id, account_id, amount from ledger.entry
    where ${within("transfer_id", span)} and starts_with(account_id, 'gCO2e/')
    union all
    select transfer_id, from_id, hi - lo from ledger.block_move where ${within("transfer_id", span)}
    union all
    select transfer_id, to_id, lo - hi from ledger.block_move where ${within("transfer_id", span)}
  ) part group by transfer_id, account_id having sum(amount) <> 0`;

const batchRules = (span: Span) => sql<Violation>`
  select 'blocks follow each other without gap or overlap' as rule, batch_id as subject, 'at ' || lo as detail
  from (select batch_id, lo, hi, lag(hi, 1, 1::int8) over (partition by batch_id order by lo) as expected,
      lead(lo) over (partition by batch_id order by lo) as next
    from ledger.block where ${within("batch_id", span)}) b
  where lo <> expected or (hi is null) <> (next is null)

  union all
  select 'a block came in by the entry that it names', b.batch_id, format('at %s in %s', b.lo, b.account_id)
  from ledger.block b
  where ${within("b.batch_id", span)} and b.hi is not null and not exists (
    select from ledger.entry e join ledger.block_move m on m.transfer_id = e.transfer_id and m.to_id = e.account_id
    where e.account_id = b.account_id and e.version = b.seq
      and m.batch_id = b.batch_id and m.lo <= b.lo and m.hi >= b.hi)`;

const rules = { account: accountRules, transfer: transferRules, batch: batchRules } as const;

/** One statement with every rule of a walk over a span; apart from its rows, so that a test can read its plan. */
export const ruleQuery = (walk: Walk, span: Span) => rules[walk](span);

/** What of a span breaks a rule, as one snapshot sees it. */
export const violationsWithin = async (db: Db, walk: Walk, span: Span): Promise<Violation[]> =>
  (await ruleQuery(walk, span).execute(db)).rows;

/** Reads the balances alone: the assets whose accounts do not sum to zero. */
export const unbalancedAssets = async (db: Db): Promise<Violation[]> => {
  const { rows } = await sql<Violation>`
    select 'an asset sums to zero' as rule, asset as subject, 'sum ' || sum(balance) as detail
    from ledger.account group by asset having sum(balance) <> 0`.execute(db);
  return rows;
};

const ends = {
  account: (after: string | null) => sql<{ key: string }>`
    select id as key from ledger.account where ${within("id", { after, upto: null })} order by id`,
  transfer: (after: string | null) => sql<{ key: string }>`
    select id as key from ledger.transfer where ${within("id", { after, upto: null })} order by id`,
  batch: (after: string | null) => sql<{ key: string }>`
    select batch_id as key from ledger.block
    where ${within("batch_id", { after, upto: null })} and hi is null order by batch_id`,
} as const;

/** The last key of the next `size` ones; null when fewer are left. */
export const spanEnd = async (
  db: Db,
  walk: Walk,
  after: string | null,
  size: number,
): Promise<string | null> => {
  const { rows } = await sql<{ key: string }>`${ends[walk](after)} offset ${size - 1} limit 1`.execute(db);
  return rows[0]?.key ?? null;
};
