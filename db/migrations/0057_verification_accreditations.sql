-- By whom auditors are accredited, under which number, for which level of assurance, and until when. A change is a new row.

create table verification.accreditation (
  id bigint generated always as identity,
  reviewer_id text not null,
  body text not null check (body <> ''),
  number text not null check (number <> ''),
  assurance text not null check (assurance in ('limited', 'reasonable')),
  valid_until date,
  entered_by text not null,
  at timestamptz not null,
  primary key (reviewer_id, id)
);

create index accreditation_of on verification.accreditation (reviewer_id, at desc, id desc);
create trigger append_only before update or delete or truncate on verification.accreditation
  for each statement execute function public.refuse_change();

comment on column verification.accreditation.reviewer_id is 'Id<"user">';
comment on column verification.accreditation.entered_by is 'Id<"user">';
comment on table verification.accreditation is 'distributed by reviewer_id';
grant select, insert on verification.accreditation to evx_app;
