-- What a fleet decided about files with one header, so that the next such file needs no questions.
alter table vehicles.fleet_import
  add column header_key text check (length(header_key) <= 40),
  add column choices jsonb;

create index fleet_import_choices on vehicles.fleet_import (owner_id, header_key, id desc) where choices is not null;
