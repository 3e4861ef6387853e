-- A decided request stands as it is.
create or replace function verification.keep_decided() returns trigger
language plpgsql as $$
begin
  if old.status in ('approved', 'rejected') then
    raise exception using
      errcode = 'restrict_violation',
      message = format('Request %s is %s and stands as it is.', old.id, old.status);
  end if;
  return new;
end
$$;
