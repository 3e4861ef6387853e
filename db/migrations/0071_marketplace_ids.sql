-- The kind of id that each column holds: the generated types take it from the comment.
comment on column marketplace.listing.id is 'Id<"listing">';
comment on column marketplace.listing.seller_id is 'Id<"user">';
comment on column marketplace."order".id is 'Id<"order">';
comment on column marketplace."order".listing_id is 'Id<"listing">';
comment on column marketplace."order".buyer_id is 'Id<"user">';
comment on column marketplace."order".seller_id is 'Id<"user">';
comment on column marketplace."order".payment_id is 'Id<"payment">';
comment on column marketplace."order".transfer_id is 'Id<"transfer">';
comment on column marketplace.auction.listing_id is 'Id<"listing">';
comment on column marketplace.auction.seller_id is 'Id<"user">';
comment on column marketplace.auction.leader_id is 'Id<"user">';
comment on column marketplace.bid.id is 'Id<"bid">';
comment on column marketplace.bid.listing_id is 'Id<"listing">';
comment on column marketplace.bid.bidder_id is 'Id<"user">';
