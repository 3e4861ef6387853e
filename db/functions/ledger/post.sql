-- One balanced posting. Legs come in account order (bytes), each account's credits before its debits, a credit
-- account once. p_releases are holds that end as posted; each must lie on an account of a leg.
-- With p_batch the credits are new grams of that batch instead of blocks of the debited accounts.
-- Answers true for a retry (same id, same content: nothing moves).
-- Locks, in this order: the transfer's id, holds by id, accounts by id, then blocks, which their account guards.
create or replace function ledger.post(
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

revoke execute on function ledger.post from public;
grant execute on function ledger.post to evx_app;
