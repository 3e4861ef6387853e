-- A bid decides in one function and writes in one statement; what it called before is called by nobody.
-- needs function marketplace.step_of
-- needs function marketplace.proxy_price
-- needs function marketplace.place_bid
drop function if exists marketplace.tell_of_bid(marketplace.auction, marketplace.bid, text, text, timestamptz);
drop function if exists marketplace.minimum_bid(marketplace.auction, text);
drop function if exists marketplace.price_between(marketplace.auction, bigint, bigint);
drop function if exists marketplace.step_at(marketplace.auction, bigint);
drop function if exists marketplace.increment_at(bigint, int, bigint);
