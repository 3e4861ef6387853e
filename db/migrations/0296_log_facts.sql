-- Also what is cancelled, given, put up for sale and taken back has its fact, or is refused at commit. What the version before
-- writes has it too.

-- needs function log.require_fact

drop trigger has_fact on ledger.transfer;
create constraint trigger has_fact after insert on ledger.transfer deferrable initially deferred
  for each row when (new.kind in ('issue', 'retire', 'cancel', 'transfer', 'list', 'unlist'))
  execute function log.require_fact();
