/**
 * The floor of settling: one SQL function, written by hand for this one purpose, that writes the same rows as the
 * service and checks nothing that it need not. Listing, accounts and shards are locked in the same order.
 */
export const settleFloor = `
create schema floor;

create function floor.shard(id text) returns int language plpgsql immutable as $$
declare hash bigint := 2166136261;
begin
  for place in 1 .. length(id) loop
    hash := ((hash # ascii(substr(id, place, 1))) * 16777619) & 4294967295;
  end loop;
  return ((hash # (hash >> 16)) % 16)::int;
end
$$;

create function floor.settle(p_order text, p_at timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
as $$
declare
  o marketplace."order";
  lot marketplace.listing;
  shard int;
  accounts text[];
  amounts bigint[];
  versions bigint[] := '{}';
  afters bigint[] := '{}';
  holders text[] := '{}';
  v_version bigint; v_after bigint; v_holder text;
  need bigint; take bigint;
  b record;
begin
  update marketplace."order" set status = 'completed', ended_at = p_at
    where id = p_order and status = 'paid' returning * into o;
  if not found then return false; end if;
  update payments.payment set settled_at = p_at, changed_at = p_at, sale_id = o.transfer_id
    where id = o.payment_id and status = 'captured' and settled_at is null and refunding_at is null;
  if not found then raise exception 'withheld'; end if;
  update marketplace.listing set sold_g = sold_g + o.amount_g,
      status = case when status = 'active' and sold_g + o.amount_g + returned_g = amount_g then 'sold' else status end
    where id = o.listing_id returning * into lot;
  insert into ledger.transfer (id, kind, digest, memo, at)
    values (o.transfer_id, 'sale', sha256(convert_to(o.id, 'UTF8')), jsonb_build_object('orderId', o.id), p_at);
  insert into ledger.hold_end (hold_id, outcome, transfer_id, at) values (o.id, 'posted', o.transfer_id, p_at);

  shard := floor.shard(o.transfer_id);
  -- In bytes' order, as everybody locks accounts.
  accounts := array['USD/cash/' || o.seller_id, 'USD/cva_pool/' || shard, 'USD/escrow/' || floor.shard(o.id),
    'USD/platform_fee/' || shard, 'gCO2e/listing/' || o.listing_id, 'gCO2e/wallet/' || o.buyer_id];
  amounts := array[o.net_minor, o.cva_fee_minor, -o.total_minor, o.platform_fee_minor, -o.amount_g, o.amount_g];
  for i in 1 .. 6 loop
    update ledger.account set balance = balance + amounts[i], version = version + 1,
        held = held - case when i = 5 then o.amount_g else 0 end
      where id = accounts[i] returning version, balance, holder into v_version, v_after, v_holder;
    versions[i] := v_version; afters[i] := v_after; holders[i] := v_holder;
  end loop;
  insert into ledger.entry (account_id, version, transfer_id, leg, amount, before, after, holder, at)
    select l.account, l.version, o.transfer_id, l.leg, l.amount, l.after - l.amount, l.after, l.holder, p_at
    from unnest(accounts, versions, amounts, afters, holders)
      with ordinality as l (account, version, amount, after, holder, leg);

  need := o.amount_g;
  while need > 0 loop
    select batch_id, lo, hi, seq into b from ledger.block
      where account_id = accounts[5] order by seq, batch_id, lo limit 1;
    take := least(need, b.hi - b.lo);
    if take = b.hi - b.lo then
      update ledger.block set account_id = accounts[6], seq = versions[6] where batch_id = b.batch_id and lo = b.lo;
    else
      with given as (
        update ledger.block set account_id = accounts[6], seq = versions[6], hi = b.lo + take
          where batch_id = b.batch_id and lo = b.lo returning batch_id
      )
      insert into ledger.block (batch_id, lo, hi, account_id, seq)
        select batch_id, b.lo + take, b.hi, accounts[5], b.seq from given;
    end if;
    insert into ledger.block_move (transfer_id, batch_id, lo, hi, from_id, from_seq, to_id)
      values (o.transfer_id, b.batch_id, b.lo, b.lo + take, accounts[5], b.seq, accounts[6]);
    need := need - take;
  end loop;

  insert into jobs.outbox (kind, name, payload, cause, at) values
    ('event', 'payments.payment_settled', jsonb_build_object('paymentId', o.payment_id), 'bench', p_at),
    ('event', 'credits.sold', jsonb_build_object('transferId', o.transfer_id, 'orderId', o.id,
      'sellerId', o.seller_id, 'buyerId', o.buyer_id, 'grams', o.amount_g::text, 'at', p_at), 'bench', p_at),
    ('event', 'marketplace.order_completed', jsonb_build_object('orderId', o.id, 'kind', o.kind,
      'listingId', o.listing_id, 'buyerId', o.buyer_id, 'sellerId', o.seller_id, 'grams', o.amount_g::text,
      'pricePerCreditMinor', o.price_minor::text, 'totalMinor', o.total_minor::text, 'currency', o.currency,
      'paymentId', o.payment_id, 'transferId', o.transfer_id, 'platformFeeMinor', o.platform_fee_minor::text,
      'cvaFeeMinor', o.cva_fee_minor::text, 'netMinor', o.net_minor::text, 'vintage', lot.vintage_year,
      'country', lot.country_code, 'method', lot.method_code, 'at', p_at), 'bench', p_at);
  return true;
end
$$;

grant usage on schema floor to evx_app;
grant execute on all functions in schema floor to evx_app;
`;
