-- For append-only tables, behind their grants:
--   create trigger append_only before update or delete or truncate on x.y
--     for each statement execute function public.refuse_change();
--
-- Example:
--   delete from ledger.entry;
--   =! ledger.entry is append-only: delete refused.
create or replace function public.refuse_change() returns trigger
language plpgsql as $$
begin
  raise exception using
    errcode = 'restrict_violation',
    message = format('%I.%I is append-only: %s refused.', tg_table_schema, tg_table_name, lower(tg_op)),
    hint = 'Append a correcting row instead.';
end
$$;
