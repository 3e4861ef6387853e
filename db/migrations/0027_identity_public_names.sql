-- How a person is named where everybody reads: by a pseudonym that stays, unless they chose a name or act for a company.
-- The pseudonym is drawn, not made from the id: who knows a wallet's number cannot tell whose certificates are whose.
alter table identity.user
  add column pseudonym text not null
    default 'H-' || upper(regexp_replace(left(replace(gen_random_uuid()::text, '-', ''), 12), '(.{4})(.{4})(.{4})', '\1-\2-\3')),
  add column public_kind text not null default 'pseudonym' check (public_kind in ('pseudonym', 'name', 'company')),
  add column public_name text check (length(public_name) between 1 and 120),
  add column lei text check (lei ~ '^[0-9A-Z]{18}[0-9]{2}$'),
  add constraint user_public_name check ((public_kind = 'pseudonym') = (public_name is null)),
  add constraint user_lei_of_company check (lei is null or public_kind = 'company');
