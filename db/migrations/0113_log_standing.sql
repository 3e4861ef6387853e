-- For one gram at most one certificate is current: which one is kept here, and every change of it is logged. Whoever is
-- given credits has a certificate of them, too.

-- needs function log.lots_of
-- needs function log.enter_certificate
-- needs function verification.note_standing
-- needs function verification.settle_standing

alter table verification.certificate drop constraint certificate_kind_check;
alter table verification.certificate add constraint certificate_kind_check
  check (kind in ('issuance', 'purchase', 'transfer', 'retirement'));
alter table verification.certified_until drop constraint certified_until_kind_check;
alter table verification.certified_until add constraint certified_until_kind_check
  check (kind in ('purchase', 'transfer'));

-- Runs of grams with the certificate that is current for them. Runs of a batch do not overlap.
create table verification.current_lot (
  batch_id text not null,
  first_g bigint not null check (first_g > 0),
  last_g bigint not null,
  certificate_id text not null references verification.certificate (id),
  primary key (batch_id, first_g),
  check (first_g <= last_g)
);

create index current_lot_certificate on verification.current_lot (certificate_id, batch_id, first_g);
comment on column verification.current_lot.batch_id is 'Id<"batch">';
comment on column verification.current_lot.certificate_id is 'Id<"certificate">';

grant select on verification.current_lot to evx_app;

-- After a_logged, whose entry it is about.
create constraint trigger b_standing after insert on verification.certificate deferrable initially deferred
  for each row execute function verification.settle_standing();

select verification.note_standing(id) from (select id from verification.certificate order by issued_at, id) c;
