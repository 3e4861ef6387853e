-- Moves grams of one batch alone from an account to another: as many as the account has free, p_most at most. Answers
-- how many it moved; asked again under the same id, what it moved then. With none to take it writes nothing.
-- Locks accounts by id, then the transfer's id; the accounts guard their blocks.
create or replace function ledger.take_of_batch(
  p_id text, p_kind text, p_at timestamptz, p_batch text, p_from text, p_to text, p_most bigint, p_memo jsonb
) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_digest bytea := sha256(convert_to(concat_ws(E'\n', 'take', p_kind, p_batch, p_from, p_to, p_most,
    coalesce(p_memo::text, '-')), 'UTF8'));
  v_known bytea;
  v_free bigint;
  v_take bigint;
  v_part bigint;
  v_left bigint;
  v_leg smallint := 0;
  v_to_version bigint;
  v_account record;
  v_row ledger.account;
  v_block record;
begin
  if p_most <= 0 or p_from = p_to or not (starts_with(p_from, 'gCO2e/') and starts_with(p_to, 'gCO2e/')) then
    raise exception using errcode = 'invalid_parameter_value',
      message = format('%s takes more than zero grams from one credit account to another.', p_id);
  end if;
  perform ledger.open_account(p_from, null, p_at);
  perform ledger.open_account(p_to, null, p_at);
  perform from ledger.account where id in (p_from, p_to) order by id collate "C" for no key update;

  select digest into v_known from ledger.transfer where id = p_id;
  if found then
    if v_known <> v_digest then
      perform ledger.refuse('transfer_id_reused', jsonb_build_object('transferId', p_id));
    end if;
    return (select coalesce(sum(hi - lo), 0) from ledger.block_move where transfer_id = p_id);
  end if;

  select balance - held - coalesce(min_balance, 0) into v_free from ledger.account where id = p_from;
  select coalesce(sum(hi - lo), 0) into v_take from ledger.block where batch_id = p_batch and account_id = p_from;
  v_take := least(v_take, v_free, p_most);
  if v_take <= 0 then return 0; end if;

  insert into ledger.transfer (id, kind, digest, memo, at) values (p_id, p_kind, v_digest, p_memo, p_at);
  for v_account in
    select id, change from (values (p_from, -v_take), (p_to, v_take)) as leg (id, change) order by id collate "C"
  loop
    v_leg := v_leg + 1;
    update ledger.account set balance = balance + v_account.change, version = version + 1
    where id = v_account.id returning * into v_row;
    insert into ledger.entry (account_id, version, transfer_id, leg, amount, before, after, holder, at)
    values (v_row.id, v_row.version, p_id, v_leg, v_account.change, v_row.balance - v_account.change, v_row.balance,
      v_row.holder, p_at);
    if v_row.id = p_to then v_to_version := v_row.version; end if;
  end loop;

  v_left := v_take;
  for v_block in
    select lo, hi, seq from ledger.block where batch_id = p_batch and account_id = p_from order by seq, lo
  loop
    v_part := least(v_block.hi - v_block.lo, v_left);
    if v_part = v_block.hi - v_block.lo then
      update ledger.block set account_id = p_to, seq = v_to_version where batch_id = p_batch and lo = v_block.lo;
    else
      with given as (
        update ledger.block set account_id = p_to, seq = v_to_version, hi = v_block.lo + v_part
        where batch_id = p_batch and lo = v_block.lo returning batch_id
      )
      insert into ledger.block (batch_id, lo, hi, account_id, seq)
      select batch_id, v_block.lo + v_part, v_block.hi, p_from, v_block.seq from given;
    end if;
    insert into ledger.block_move (transfer_id, batch_id, lo, hi, from_id, from_seq, to_id)
    values (p_id, p_batch, v_block.lo, v_block.lo + v_part, p_from, v_block.seq, p_to);
    v_left := v_left - v_part;
    exit when v_left = 0;
  end loop;
  return v_take;
end
$$;

revoke execute on function ledger.take_of_batch from public;
grant execute on function ledger.take_of_batch to evx_app;
