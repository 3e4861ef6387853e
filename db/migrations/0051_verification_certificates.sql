-- Certificates stand without looking into requests, and a certificate that was never made is found.

-- The reviewer who decided the batch that a certificate of issuance is about.
alter table verification.certificate add column decided_by text;

alter table verification.certificate disable trigger append_only;
update verification.certificate c
  set decided_by = r.decided_by
  from verification.request r
  where c.kind = 'issuance' and r.id = c.subject_id;
alter table verification.certificate enable trigger append_only;

-- A server of the version before this one does not name the reviewer.
-- needs function verification.name_reviewer
create trigger name_reviewer before insert on verification.certificate
  for each row execute function verification.name_reviewer();

create index certificate_decided_by on verification.certificate (decided_by, issued_at desc, id)
  where decided_by is not null;

-- Trees belong to certificates, requests to review: rooms name each other's rows without a key between their tables.
alter table verification.tree drop constraint tree_request_id_fkey;

-- How far a round has come that looks for certificates that were never made: all sales up to this one have theirs.
create table verification.certified_until (
  kind text primary key check (kind in ('purchase')),
  at timestamptz not null,
  transfer_id text not null
);

comment on column verification.certificate.decided_by is 'Id<"user">';
comment on column verification.certificate.order_id is 'Id<"order">';
comment on column verification.certified_until.transfer_id is 'Id<"transfer">';

grant select, insert, update on verification.certified_until to evx_app;
