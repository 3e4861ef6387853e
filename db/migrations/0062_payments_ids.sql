-- Which column holds which kind of id: the generated types read it, so that an order's id cannot stand for a payment's.

comment on column payments.payment.id is 'Id<"payment">';
comment on column payments.payment.order_id is 'Id<"order">';
comment on column payments.payment.buyer_id is 'Id<"user">';
comment on column payments.payment.seller_id is 'Id<"user">';
comment on column payments.attempt.payment_id is 'Id<"payment">';
comment on column payments.refund.id is 'Id<"refund">';
comment on column payments.refund.payment_id is 'Id<"payment">';
comment on column payments.recipient.user_id is 'Id<"user">';
comment on column payments.withdrawal.id is 'Id<"withdrawal">';
comment on column payments.withdrawal.user_id is 'Id<"user">';
comment on column payments.withdrawal.decided_by is 'Id<"user">';
