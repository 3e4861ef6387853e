/**
 * The floor of a checkout: what an order writes on its way from being placed to being settled, as bare SQL, one call for
 * each transaction that the product has there. Nothing is checked, nobody is asked, no HTTP. The last step is the floor of
 * settling itself. Jobs are written, fetched and completed as rows, as a queue has them.
 */
export const checkoutFloor = `
create table floor.job (id bigint generated always as identity primary key, name text not null, state text not null,
  data jsonb, at timestamptz not null, done_at timestamptz);
create index on floor.job (name, state, id);

create function floor.place(p_order text, p_listing text, p_seller text, p_buyer text, p_payment text, p_transfer text,
  p_grams bigint, p_total bigint, p_at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  cva bigint := p_total / 100;
  fee bigint := p_total * 5 / 200;
begin
  insert into marketplace."order" (id, kind, listing_id, buyer_id, seller_id, status, amount_g, price_minor, currency,
      total_minor, platform_fee_minor, cva_fee_minor, net_minor, fees_version, payment_id, transfer_id, leg_accounts,
      leg_amounts, created_at, expires_at)
    values (p_order, 'purchase', p_listing, p_buyer, p_seller, 'pending_payment', p_grams, 1000000, 'USD',
      p_total, fee, cva, p_total - fee - cva, 0, p_payment, p_transfer,
      array['USD/cash/' || p_seller, 'USD/cva_pool/' || floor.shard(p_transfer), 'USD/escrow/' || floor.shard(p_order),
        'USD/platform_fee/' || floor.shard(p_transfer), 'gCO2e/listing/' || p_listing, 'gCO2e/wallet/' || p_buyer],
      array[p_total - fee - cva, cva, -p_total, fee, -p_grams, p_grams], p_at, p_at + interval '30 minutes');
  update marketplace.listing set remaining_g = remaining_g - p_grams where id = p_listing;
  insert into ledger.hold (id, account_id, amount, at) values (p_order, 'gCO2e/listing/' || p_listing, p_grams, p_at);
  update ledger.account set held = held + p_grams where id = 'gCO2e/listing/' || p_listing;
  insert into payments.payment (id, order_id, buyer_id, seller_id, amount_minor, currency, description, expires_at, created_at,
      changed_at)
    values (p_payment, p_order, p_buyer, p_seller, p_total, 'USD', 'bench', p_at + interval '30 minutes', p_at, p_at);
  insert into jobs.outbox (kind, name, payload, cause, at)
    values ('event', 'floor.placed', jsonb_build_object('orderId', p_order), 'bench', p_at);
end $$;

create function floor.ask(p_payment text, p_at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into payments.attempt (payment_id, number, gateway, status, locale, expires_at, opened_at, looked_at)
    values (p_payment, 1, 'stripe', 'opening', 'en', p_at + interval '45 minutes', p_at, p_at);
  update payments.payment set method = 'stripe', changed_at = p_at where id = p_payment;
end $$;

create function floor.open(p_payment text, p_at timestamptz) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update payments.attempt set status = 'open', ref = 'cs_' || p_payment, redirect_url = repeat('x', 80), looked_at = p_at
    where payment_id = p_payment and number = 1;
$$;

create function floor.hear(p_payment text, p_at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into payments.webhook_event (gateway, id, type, subject, raw_body, happened_at, received_at)
    values ('stripe', 'evt_' || p_payment, 'checkout.session.completed', jsonb_build_object('paymentId', p_payment),
      repeat('x', 2000), p_at, p_at);
  insert into jobs.outbox (kind, name, payload, cause, at)
    values ('job', 'floor.handle', jsonb_build_object('id', p_payment), 'bench', p_at);
end $$;

create function floor.relay(p_name text, p_at timestamptz) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v bigint;
begin
  with moved as (
    delete from jobs.outbox where id = (select id from jobs.outbox where name = p_name order by id limit 1 for update skip locked)
    returning payload)
  insert into floor.job (name, state, data, at) select p_name, 'created', payload, p_at from moved returning id into v;
  return v;
end $$;

create function floor.fetch(p_job bigint) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update floor.job set state = 'active' where id = p_job;
$$;

create function floor.done(p_job bigint, p_at timestamptz) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update floor.job set state = 'completed', done_at = p_at where id = p_job;
$$;

create function floor.capture(p_order text, p_payment text, p_total bigint, p_at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  accounts text[] := array['USD/clearing/stripe', 'USD/escrow/' || floor.shard(p_order)];
  amounts bigint[] := array[-p_total, p_total];
  v_version bigint; v_after bigint; v_holder text;
begin
  update payments.attempt set status = 'paid', charge_ref = 'pi_' || p_payment, redirect_url = null, looked_at = p_at
    where payment_id = p_payment and number = 1;
  update payments.payment set status = 'captured', attempt = 1, captured_at = p_at, changed_at = p_at where id = p_payment;
  insert into ledger.transfer (id, kind, digest, memo, at)
    values ('tfr_' || p_payment, 'capture', sha256(convert_to(p_payment, 'UTF8')), jsonb_build_object('paymentId', p_payment), p_at);
  for i in 1 .. 2 loop
    update ledger.account set balance = balance + amounts[i], version = version + 1
      where id = accounts[i] returning version, balance, holder into v_version, v_after, v_holder;
    insert into ledger.entry (account_id, version, transfer_id, leg, amount, before, after, holder, at)
      values (accounts[i], v_version, 'tfr_' || p_payment, i, amounts[i], v_after - amounts[i], v_after, v_holder, p_at);
  end loop;
  insert into jobs.outbox (kind, name, payload, cause, at)
    values ('event', 'floor.captured', jsonb_build_object('id', p_payment), 'bench', p_at);
end $$;

create function floor.heard(p_payment text, p_at timestamptz) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update payments.webhook_event set processed_at = p_at, outcome = 'done' where gateway = 'stripe' and id = 'evt_' || p_payment;
$$;

create function floor.paid(p_order text, p_at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update marketplace."order" set status = 'paid', paid_at = p_at where id = p_order;
  insert into jobs.outbox (kind, name, payload, cause, at)
    values ('job', 'floor.settle', jsonb_build_object('id', p_order), 'bench', p_at);
end $$;

grant execute on all functions in schema floor to evx_app;
`;
