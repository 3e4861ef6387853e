create or replace function identity.note_revocation() returns trigger
language plpgsql as $$
begin
  insert into identity.revocation (subject_id) values (old.id);
  return null;
end
$$;
