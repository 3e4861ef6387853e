-- Names the reviewer of an issuance certificate that a server of an earlier version wrote without: the one who decided
-- the request, or who holds it before it is marked as decided.
--
-- Example:
--   select count(*) from pg_trigger where tgname = 'name_reviewer';
--   => 1
create or replace function verification.name_reviewer() returns trigger
language plpgsql as $$
begin
  if new.kind = 'issuance' and new.decided_by is null then
    -- Before the request is marked as decided, the reviewer is the one who holds it.
    select coalesce(decided_by, reviewer_id) into new.decided_by from verification.request where id = new.subject_id;
  end if;
  return new;
end
$$;
