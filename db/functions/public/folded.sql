-- Words as a search compares them: without marks and case, so that "nguyen" finds "Nguyễn". Immutable, so that it can be indexed:
-- the rules of unaccent are named, and only an upgrade of the extension changes them.
--
-- Example:
--   select public.folded('Nguyễn Đức AN');
--   => nguyen duc an
create or replace function public.folded(words text) returns text
language sql immutable strict parallel safe as $$
  select lower(public.unaccent('public.unaccent'::regdictionary, words))
$$;
