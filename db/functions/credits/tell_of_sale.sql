-- Tells that credits went from a seller's listing to a buyer's wallet.
--
-- Example:
--   select credits.tell_of_sale('tfr_one', 'ord_one', 'usr_anna', 'usr_binh', 100, '2026-03-01', 'req_one');
--   select name, payload ->> 'grams' from jobs.outbox;
--   => credits.sold | 100
create or replace function credits.tell_of_sale(
  p_transfer text, p_order text, p_seller text, p_buyer text, p_grams bigint, p_at timestamptz, p_cause text
) returns void
language plpgsql as $$
begin
  perform jobs.emit('credits.sold', jsonb_build_object(
    'transferId', p_transfer, 'orderId', p_order, 'sellerId', p_seller, 'buyerId', p_buyer,
    'grams', p_grams::text, 'at', to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), p_cause, p_at);
end
$$;
