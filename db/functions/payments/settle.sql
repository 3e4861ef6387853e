-- Takes a captured payment for its seller, once; `settlePayment` of @evx/payments for SQL. False when it is not
-- captured, is disputed or being refunded, or was settled before.
create or replace function payments.settle(p_id text, p_at timestamptz) returns boolean
language plpgsql as $$
begin
  update payments.payment set settled_at = p_at, changed_at = p_at
    where id = p_id and status = 'captured' and settled_at is null and refunding_at is null;
  return found;
end
$$;
