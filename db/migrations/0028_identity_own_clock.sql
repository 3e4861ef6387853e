-- When a session or a key begins and ends is said by this database's clock, not by that of the machine that made it: a clock
-- that is wrong by a month neither makes sessions that outlive it nor ones that are over.
-- needs function identity.date_session
-- needs function identity.date_key
create trigger date_session before insert on identity.session for each row execute function identity.date_session();
create trigger date_key before insert on identity.api_key for each row execute function identity.date_key();
