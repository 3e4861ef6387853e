-- Each note of a revocation is a row of its own, and a signing key that was published stays as it was.
alter table identity.revocation add column id bigint generated always as identity primary key;

create trigger append_only before update or delete or truncate on identity.signing_key
  for each statement execute function public.refuse_change();
