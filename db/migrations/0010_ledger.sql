-- The book: accounts, transfers, entries, holds, and the blocks of grams that credits are made of.
-- Every unique and foreign key of a large table holds its distribution column (see the comments on tables below);
-- what would cross machines, an entry's transfer or a block's account, is checked by triggers and the audit instead.

create schema ledger;

-- A closed table. min_balance null: the account is the mirror of what lies outside the venue, so it may go negative.
create table ledger.account_kind (
  kind text primary key,
  asset_class text not null check (asset_class in ('credits', 'money')),
  owner text not null check (owner in ('user', 'listing', 'shard', 'gateway', 'venue')),
  min_balance bigint
);

insert into ledger.account_kind (kind, asset_class, owner, min_balance) values
  ('wallet', 'credits', 'user', 0),
  ('listing', 'credits', 'listing', 0),
  ('retired', 'credits', 'user', 0),
  ('cancelled', 'credits', 'venue', 0),
  ('buffer', 'credits', 'venue', 0),
  ('issued', 'credits', 'venue', null),
  ('cash', 'money', 'user', 0),
  ('escrow', 'money', 'shard', 0),
  ('platform_fee', 'money', 'shard', 0),
  ('cva_pool', 'money', 'shard', 0),
  ('loss', 'money', 'venue', null),
  ('clearing', 'money', 'gateway', null),
  ('payout_clearing', 'money', 'gateway', null);

-- One asset each, named "{asset}/{kind}" or "{asset}/{kind}/{owner or shard}".
create table ledger.account (
  id text primary key,
  asset text not null,
  kind text not null references ledger.account_kind (kind),
  -- The person whose asset it is: known from the name for a wallet, told at opening for a listing.
  holder text,
  balance bigint not null default 0,
  held bigint not null default 0 check (held >= 0),
  min_balance bigint,
  -- How many entries the account has.
  version bigint not null default 0,
  opened_at timestamptz not null,
  -- Lets the index below leave out emptied listings, and costs an index entry only when it flips.
  filled boolean not null generated always as (balance <> 0) stored,
  check (min_balance is null or balance - held >= min_balance),
  check (id = asset || '/' || kind or starts_with(id, asset || '/' || kind || '/')),
  check ((kind in ('wallet', 'listing', 'retired', 'cash')) = (holder is not null))
) with (fillfactor = 50);

create index account_by_holder on ledger.account (holder, kind) where filled;

create table ledger.transfer (
  id text primary key,
  kind text not null check (kind in (
    'issue', 'transfer', 'list', 'unlist', 'sale', 'capture', 'refund', 'payout', 'payout_failed', 'retire',
    'cancel', 'buffer', 'cva_fee', 'gateway_fee', 'chargeback', 'correction')),
  -- SHA-256 of everything the caller asked for; decides whether a repeated id is a retry.
  digest bytea not null,
  memo jsonb,
  at timestamptz not null,
  -- Closes a transfer with its transaction: entries and moves of an older one are refused.
  xid xid8 not null default pg_current_xact_id()
);

create table ledger.entry (
  account_id text not null references ledger.account (id),
  version bigint not null check (version > 0),
  transfer_id text not null,
  leg smallint not null check (leg > 0),
  amount bigint not null check (amount <> 0),
  before bigint not null,
  after bigint not null,
  holder text,
  at timestamptz not null,
  check (before + amount = after),
  -- What was retired or cancelled stays so: nothing can be debited there.
  constraint retired_for_good check (amount > 0 or split_part(account_id, '/', 2) not in ('retired', 'cancelled')),
  primary key (account_id, version),
  unique (transfer_id, leg, account_id)
);

-- A person's history in time order, without reading what lies between.
create index entry_by_holder on ledger.entry (holder, at, transfer_id, leg) where holder is not null;

create table ledger.hold (
  id text primary key,
  account_id text not null,
  amount bigint not null check (amount > 0),
  memo jsonb,
  at timestamptz not null
);

create index hold_by_account on ledger.hold (account_id);

create table ledger.hold_end (
  hold_id text primary key references ledger.hold (id),
  outcome text not null check (outcome in ('posted', 'voided')),
  transfer_id text,
  at timestamptz not null,
  check ((outcome = 'posted') = (transfer_id is not null))
);

-- Runs of a batch's grams, numbered from 1: a block owns [lo, hi). Each hi is the next block's lo, no two blocks
-- share a successor and each batch has one end row, so blocks form one chain: no overlap and no gap is possible.
create table ledger.block (
  batch_id text not null,
  lo bigint not null check (lo > 0),
  hi bigint,
  account_id text,
  -- The account's version when the block came in; an account gives its oldest blocks first.
  seq bigint,
  primary key (batch_id, lo),
  foreign key (batch_id, hi) references ledger.block (batch_id, lo),
  check (hi is null or lo < hi),
  check ((hi is null) = (account_id is null)),
  check ((hi is null) = (seq is null))
) with (fillfactor = 80);

-- Partial, because an update of a whole unique key would make neighbours wait for each other.
create unique index block_successor on ledger.block (batch_id, hi) where hi is not null;
create unique index block_end on ledger.block (batch_id) where hi is null;
create index block_of_account on ledger.block (account_id, seq, batch_id, lo) include (hi) where account_id is not null;

-- from_seq names the entry (from_id, from_seq) that had brought these grams, so a gram's life reads backwards
-- by primary keys alone. It is null for grams that were just issued.
create table ledger.block_move (
  transfer_id text not null,
  batch_id text not null,
  lo bigint not null,
  hi bigint not null,
  from_id text not null,
  from_seq bigint,
  to_id text not null,
  check (lo < hi),
  check (from_id <> to_id),
  primary key (transfer_id, batch_id, lo)
);

comment on table ledger.account is 'distributed by id';
comment on table ledger.transfer is 'distributed by id';
comment on table ledger.entry is 'distributed by account_id';
comment on table ledger.hold is 'distributed by id';
comment on table ledger.hold_end is 'distributed by hold_id';
comment on table ledger.block is 'distributed by batch_id';
comment on table ledger.block_move is 'distributed by batch_id';

comment on column ledger.account.holder is 'Id<"user">';
comment on column ledger.transfer.id is 'Id<"transfer">';
comment on column ledger.entry.transfer_id is 'Id<"transfer">';
comment on column ledger.entry.holder is 'Id<"user">';
comment on column ledger.hold_end.transfer_id is 'Id<"transfer">';
comment on column ledger.block.batch_id is 'Id<"batch">';
comment on column ledger.block_move.transfer_id is 'Id<"transfer">';
comment on column ledger.block_move.batch_id is 'Id<"batch">';

create trigger append_only before update or delete or truncate on ledger.transfer
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on ledger.entry
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on ledger.hold
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on ledger.hold_end
  for each statement execute function public.refuse_change();
create trigger append_only before update or delete or truncate on ledger.block_move
  for each statement execute function public.refuse_change();
create trigger no_removal before delete or truncate on ledger.account
  for each statement execute function public.refuse_change();
create trigger no_removal before delete or truncate on ledger.block
  for each statement execute function public.refuse_change();

-- Plans are kept for a session's life, so one made while the tables are small must already be the one for large
-- tables: the functions below and "post" forbid themselves every plan that is not by key.

-- Entries and moves may only join a transfer of this same transaction, which the check at commit will read.
create function ledger.check_open() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  if exists (
    select from added left join ledger.transfer t on t.id = added.transfer_id
    where t.xid is distinct from pg_current_xact_id()
  ) then
    raise exception using errcode = 'integrity_constraint_violation',
      message = format('ledger.%I: a transfer is closed once its transaction has ended.', tg_table_name);
  end if;
  return null;
end
$$;

create trigger joins_open_transfer after insert on ledger.entry
  referencing new table as added for each statement execute function ledger.check_open();
create trigger joins_open_transfer after insert on ledger.block_move
  referencing new table as added for each statement execute function ledger.check_open();

-- At commit: a transfer has entries, they sum to zero per asset, and each credit account's entries equal
-- the grams that moved in less those that moved out. Costs the size of the transfer, not of its accounts.
create function ledger.check_transfer() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  v_asset record;
  v_wrong text;
  v_entries boolean := false;
  v_grams boolean := false;
begin
  for v_asset in
    select split_part(account_id, '/', 1) as name, sum(amount) as total
    from ledger.entry where transfer_id = new.id group by 1
  loop
    v_entries := true;
    v_grams := v_grams or v_asset.name = 'gCO2e';
    if v_asset.total <> 0 then v_wrong := v_asset.name; end if;
  end loop;
  if v_grams and v_wrong is null then
    select account_id into v_wrong from (
      select account_id, amount from ledger.entry
      where transfer_id = new.id and starts_with(account_id, 'gCO2e/')
      union all
      select from_id, hi - lo from ledger.block_move where transfer_id = new.id
      union all
      select to_id, lo - hi from ledger.block_move where transfer_id = new.id
    ) part group by account_id having sum(amount) <> 0 limit 1;
  elsif not v_grams and exists (select from ledger.block_move where transfer_id = new.id) then
    v_wrong := 'grams moved without entries';
  end if;
  if v_wrong is not null or not v_entries then
    raise exception using errcode = 'integrity_constraint_violation',
      message = format('Transfer %s does not balance: %s.', new.id, coalesce(v_wrong, 'it has no entries'));
  end if;
  return null;
end
$$;

create constraint trigger balances after insert on ledger.transfer
  deferrable initially deferred for each row execute function ledger.check_transfer();

-- A refusal: SQLSTATE LDG01, its code as message and what it needs to be told as JSON in detail.
create function ledger.refuse(p_code text, p_details jsonb default '{}') returns void
language plpgsql as $$
begin
  raise exception using errcode = 'LDG01', message = p_code, detail = p_details::text;
end
$$;

-- Opens an account from its name. Two at once: one row, and both go on.
create function ledger.open_account(p_id text, p_holder text, p_at timestamptz) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_asset text := split_part(p_id, '/', 1);
  v_owner text := split_part(p_id, '/', 3);
  v_kind ledger.account_kind;
begin
  select * into v_kind from ledger.account_kind where kind = split_part(p_id, '/', 2);
  if v_kind.kind is null
    or (v_kind.asset_class = 'credits') is distinct from (v_asset = 'gCO2e')
    or v_asset !~ '^(gCO2e|[A-Z]{3})$'
    or (v_owner = '') is distinct from (v_kind.owner = 'venue')
    or split_part(p_id, '/', 4) <> '' then
    raise exception using errcode = 'invalid_parameter_value', message = format('No account can be named %s.', p_id);
  end if;
  if v_kind.owner = 'listing' and p_holder is null then
    raise exception using errcode = 'invalid_parameter_value',
      message = format('%s needs a holder when it is opened.', p_id);
  end if;
  insert into ledger.account (id, asset, kind, holder, min_balance, opened_at)
  values (p_id, v_asset, v_kind.kind,
    case v_kind.owner when 'user' then v_owner when 'listing' then p_holder end, v_kind.min_balance, p_at)
  on conflict (id) do nothing;
end
$$;

-- Says why a debit or a hold on an account did not go through. Returns when the account has changed meanwhile
-- and the caller may try again.
create function ledger.explain_short(p_id text, p_holder text, p_change bigint, p_at timestamptz) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v ledger.account;
begin
  select * into v from ledger.account where id = p_id;
  if not found then
    perform ledger.open_account(p_id, p_holder, p_at);
  elsif v.balance - v.held + p_change < v.min_balance then
    perform ledger.refuse('balance_insufficient', jsonb_build_object(
      'account', p_id, 'asset', v.asset, 'kind', v.kind,
      'missing', (v.min_balance - (v.balance - v.held + p_change))::text,
      'available', (v.balance - v.held - v.min_balance)::text));
  end if;
end
$$;

-- One balanced posting. Legs come in account order (bytes), each account's credits before its debits, a credit
-- account once. p_releases are holds that end as posted; each must lie on an account of a leg.
-- With p_batch the credits are new grams of that batch instead of blocks of the debited accounts.
-- Answers true for a retry (same id, same content: nothing moves).
-- Locks, in this order: the transfer's id, holds by id, accounts by id, then blocks, which their account guards.
create function ledger.post(
  p_id text, p_kind text, p_at timestamptz, p_accounts text[], p_amounts bigint[], p_holders text[],
  p_memo jsonb, p_releases text[], p_batch text
) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
as $$
declare
  n int := cardinality(p_accounts);
  v_digest bytea := sha256(convert_to(concat_ws(E'\n', p_kind, p_accounts, p_amounts,
    coalesce(p_releases, '{}'), coalesce(p_memo::text, '-'), coalesce(p_batch, '-')), 'UTF8'));
  v_known bytea;
  v_freed bigint[];
  v_free bigint := 0;
  v_versions bigint[] := '{}';
  v_afters bigint[] := '{}';
  v_owners text[] := '{}';
  v_version bigint;
  v_after bigint;
  v_owner text;
  v_grams boolean := false;
  v_hold record;
  v_block record;
  v_found boolean;
  v_need bigint;          -- grams that the debited account still has to give
  v_to int := 0;          -- the leg that receives
  v_want bigint := 0;     -- grams that it still has to get
  v_take bigint;
  v_lo bigint;
  k_seq bigint; k_batch text; k_lo bigint;
  m_batch text[] := '{}'; m_lo bigint[] := '{}'; m_hi bigint[] := '{}';
  m_from text[] := '{}'; m_seq bigint[] := '{}'; m_to text[] := '{}';
  b_lo bigint[]; b_hi bigint[]; b_account text[]; b_seq bigint[];
begin
  insert into ledger.transfer (id, kind, digest, memo, at) values (p_id, p_kind, v_digest, p_memo, p_at)
  on conflict (id) do nothing;
  if not found then
    select digest into v_known from ledger.transfer where id = p_id;
    if v_known = v_digest then return true; end if;
    perform ledger.refuse('transfer_id_reused', jsonb_build_object('transferId', p_id));
  end if;

  if cardinality(p_releases) > 0 then
    v_freed := array_fill(0::bigint, array[n]);
    v_need := 0;
    for v_hold in select id, account_id, amount from ledger.hold where id = any (p_releases) order by id loop
      insert into ledger.hold_end (hold_id, outcome, transfer_id, at) values (v_hold.id, 'posted', p_id, p_at)
      on conflict (hold_id) do nothing;
      if not found then perform ledger.refuse('hold_ended', jsonb_build_object('holdId', v_hold.id)); end if;
      v_to := array_position(p_accounts, v_hold.account_id);
      if v_to is null then
        raise exception using errcode = 'invalid_parameter_value',
          message = format('Hold %s lies on %s, which has no leg in %s.', v_hold.id, v_hold.account_id, p_id);
      end if;
      v_freed[v_to] := v_freed[v_to] + v_hold.amount;
      v_need := v_need + 1;
    end loop;
    if v_need < cardinality(p_releases) then
      perform ledger.refuse('hold_unknown', jsonb_build_object('holdId', array_to_string(p_releases, ', ')));
    end if;
    v_to := 0;
  end if;

  for i in 1 .. n loop
    if i > 1 and not (p_accounts[i] collate "C" > p_accounts[i - 1] collate "C"
      or (p_accounts[i] = p_accounts[i - 1] and p_amounts[i] <= p_amounts[i - 1]
        and not starts_with(p_accounts[i], 'gCO2e/'))) then
      raise exception using errcode = 'invalid_parameter_value',
        message = format('The legs of %s are not in account order.', p_id);
    end if;
    v_grams := v_grams or starts_with(p_accounts[i], 'gCO2e/');
    if v_freed is not null then v_free := v_freed[i]; end if;
    loop
      update ledger.account
      set balance = balance + p_amounts[i], held = held - v_free, version = version + 1
      where id = p_accounts[i]
        and (min_balance is null or balance - held + v_free + p_amounts[i] >= min_balance)
      returning version, balance, holder into v_version, v_after, v_owner;
      exit when found;
      perform ledger.explain_short(p_accounts[i], p_holders[i], p_amounts[i] + v_free, p_at);
    end loop;
    v_versions[i] := v_version;
    v_afters[i] := v_after;
    v_owners[i] := v_owner;
  end loop;

  insert into ledger.entry (account_id, version, transfer_id, leg, amount, before, after, holder, at)
  select l.account, l.version, p_id, l.leg, l.amount, l.after - l.amount, l.after, l.owner, p_at
  from unnest(p_accounts, v_versions, p_amounts, v_afters, v_owners)
    with ordinality as l (account, version, amount, after, owner, leg);

  if not v_grams then return false; end if;

  if p_batch is not null then
    if exists (select from ledger.block where batch_id = p_batch and hi is null) then
      perform ledger.refuse('batch_already_issued', jsonb_build_object('batchId', p_batch));
    end if;
    v_lo := 1;
    for i in 1 .. n loop
      continue when p_amounts[i] < 0;
      b_lo := b_lo || v_lo; b_hi := b_hi || (v_lo + p_amounts[i]);
      b_account := b_account || p_accounts[i]; b_seq := b_seq || v_versions[i];
      v_lo := v_lo + p_amounts[i];
    end loop;
    insert into ledger.block (batch_id, lo, hi, account_id, seq)
    select p_batch, v_lo, null, null, null
    union all
    select p_batch, b.lo, b.hi, b.account, b.seq
    from unnest(b_lo, b_hi, b_account, b_seq) as b (lo, hi, account, seq);
    insert into ledger.block_move (transfer_id, batch_id, lo, hi, from_id, from_seq, to_id)
    select p_id, p_batch, b.lo, b.hi, 'gCO2e/issued', null, b.account
    from unnest(b_lo, b_hi, b_account) as b (lo, hi, account);
    return false;
  end if;

  for i in 1 .. n loop
    continue when p_amounts[i] > 0 or not starts_with(p_accounts[i], 'gCO2e/');
    v_need := -p_amounts[i];
    k_seq := -1; k_batch := ''; k_lo := 0;
    while v_need > 0 loop
      v_found := false;
      for v_block in
        select batch_id, lo, hi, seq from ledger.block
        where account_id = p_accounts[i] and (seq, batch_id, lo) > (k_seq, k_batch, k_lo)
        order by seq, batch_id, lo limit 100
      loop
        v_found := true;
        k_seq := v_block.seq; k_batch := v_block.batch_id; k_lo := v_block.lo;
        v_lo := v_block.lo;
        while v_lo < v_block.hi and v_need > 0 loop
          while v_want = 0 loop
            v_to := v_to + 1;
            if v_to > n then
              raise exception using errcode = 'invalid_parameter_value',
                message = format('The credits of %s do not sum to zero.', p_id);
            end if;
            if p_amounts[v_to] > 0 and starts_with(p_accounts[v_to], 'gCO2e/') then v_want := p_amounts[v_to]; end if;
          end loop;
          v_take := least(v_block.hi - v_lo, v_need, v_want);
          if v_lo + v_take = v_block.hi then
            update ledger.block set account_id = p_accounts[v_to], seq = v_versions[v_to]
            where batch_id = v_block.batch_id and lo = v_lo;
          else
            -- The rest becomes a block of its own. It reads the update's row, so the old successor is free by then.
            with given as (
              update ledger.block
              set account_id = p_accounts[v_to], seq = v_versions[v_to], hi = v_lo + v_take
              where batch_id = v_block.batch_id and lo = v_lo
              returning batch_id
            )
            insert into ledger.block (batch_id, lo, hi, account_id, seq)
            select batch_id, v_lo + v_take, v_block.hi, p_accounts[i], v_block.seq from given;
          end if;
          m_batch := m_batch || v_block.batch_id; m_lo := m_lo || v_lo; m_hi := m_hi || (v_lo + v_take);
          m_from := m_from || p_accounts[i]; m_seq := m_seq || v_block.seq; m_to := m_to || p_accounts[v_to];
          v_lo := v_lo + v_take; v_need := v_need - v_take; v_want := v_want - v_take;
        end loop;
        exit when v_need = 0;
      end loop;
      if not v_found then
        raise exception using errcode = 'integrity_constraint_violation',
          message = format('%s has fewer grams in blocks than in its balance.', p_accounts[i]);
      end if;
    end loop;
  end loop;

  insert into ledger.block_move (transfer_id, batch_id, lo, hi, from_id, from_seq, to_id)
  select p_id, m.batch, m.lo, m.hi, m.source, m.seq, m.target
  from unnest(m_batch, m_lo, m_hi, m_from, m_seq, m_to) as m (batch, lo, hi, source, seq, target);
  return false;
end
$$;

-- New grams of a new batch, numbered from 1 in account order, against the issued account.
create function ledger.issue(
  p_id text, p_batch text, p_at timestamptz, p_accounts text[], p_amounts bigint[], p_memo jsonb
) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_accounts text[];
  v_amounts bigint[];
begin
  if exists (select from unnest(p_amounts) as a (amount) where amount <= 0) then
    raise exception using errcode = 'invalid_parameter_value', message = 'An issue gives grams, it takes none.';
  end if;
  select array_agg(leg.account order by leg.account collate "C"), array_agg(leg.amount order by leg.account collate "C")
  into v_accounts, v_amounts
  from (
    select * from unnest(p_accounts, p_amounts) as given (account, amount)
    union all
    select 'gCO2e/issued', -sum(amount)::bigint from unnest(p_amounts) as given (amount)
  ) as leg;
  return ledger.post(p_id, 'issue', p_at, v_accounts, v_amounts, array_fill(null::text, array[cardinality(v_accounts)]),
    p_memo, null, p_batch);
end
$$;

-- Sets a part of a balance aside under a name of the caller's. Answers true for a retry.
create function ledger.hold(p_id text, p_account text, p_amount bigint, p_memo jsonb, p_at timestamptz) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_known ledger.hold;
begin
  insert into ledger.hold (id, account_id, amount, memo, at) values (p_id, p_account, p_amount, p_memo, p_at)
  on conflict (id) do nothing;
  if not found then
    select * into v_known from ledger.hold where id = p_id;
    if v_known.account_id = p_account and v_known.amount = p_amount and v_known.memo is not distinct from p_memo then
      return true;
    end if;
    perform ledger.refuse('hold_id_reused', jsonb_build_object('holdId', p_id));
  end if;
  loop
    update ledger.account set held = held + p_amount
    where id = p_account and (min_balance is null or balance - held - p_amount >= min_balance);
    exit when found;
    perform ledger.explain_short(p_account, null, -p_amount, p_at);
  end loop;
  return false;
end
$$;

-- Ends a hold without a posting: the amount is free again. Answers true if it was already voided.
create function ledger.release(p_hold text, p_at timestamptz) returns boolean
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

-- The application reads the book and writes it through these four functions, never by itself.
revoke execute on all functions in schema ledger from public;
grant usage on schema ledger to evx_app;
grant select on all tables in schema ledger to evx_app;
grant execute on function ledger.post, ledger.issue, ledger.hold, ledger.release to evx_app;
