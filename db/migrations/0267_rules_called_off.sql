-- A change that was scheduled and is called off before its moment: a version of its own that says which one it calls off, so that
-- nothing is taken out of the history. New code passes over both. Old code takes the new one, whose moment is the same and whose
-- number is higher, and which holds what holds without the change.

alter table rules.rule
  add column calls_off int,
  add constraint rule_calls_off_earlier check (calls_off < version),
  add constraint rule_calls_off_known foreign key (name, calls_off) references rules.rule (name, version);

create unique index rule_called_off_once on rules.rule (name, calls_off) where calls_off is not null;
