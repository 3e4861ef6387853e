-- Takes a captured payment for its seller, once; `settlePayment` of @evx/payments for SQL. False when it is not
-- captured, is disputed or being refunded, or was settled before. `p_sale` names the posting of the sale, from which
-- money that goes back later is taken back.
--
-- Example:
--   insert into payments.payment (id, order_id, buyer_id, seller_id, amount_minor, currency, description, status, attempt,
--       captured_at, expires_at, created_at, changed_at)
--     values ('pay_one', 'ord_one', 'usr_binh', 'usr_anna', 1000, 'USD', 'credits', 'captured', 1, '2026-03-01',
--       '2026-03-02', '2026-03-01', '2026-03-01');
--   select payments.settle('pay_one', '2026-03-01');
--   => t
--   select payments.settle('pay_one', '2026-03-01');
--   => f
create or replace function payments.settle(p_id text, p_at timestamptz, p_sale text default null) returns boolean
language plpgsql as $$
begin
  update payments.payment set settled_at = p_at, changed_at = p_at, sale_id = p_sale
    where id = p_id and status = 'captured' and settled_at is null and refunding_at is null;
  if not found then return false; end if;
  perform jobs.emit('payments.payment_settled', jsonb_build_object('paymentId', p_id), 'payments.settle', p_at);
  return true;
end
$$;
