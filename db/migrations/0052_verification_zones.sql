-- A request says by whose days its period is one, and by whose years its vintages are.
alter table verification.request add column zone text check (length(zone) <= 60);

alter table verification.request disable trigger keep_decided;
update verification.request r
  set zone = coalesce((select b.zone from vehicles.claim_basis b where b.request_id = r.id), 'UTC');
alter table verification.request enable trigger keep_decided;
alter table verification.request alter column zone set not null;

-- needs function verification.zone_of_request
create trigger zone_of_request before insert on verification.request
  for each row when (new.zone is null) execute function verification.zone_of_request();
