-- Enters something to be logged; of each kind once a subject. Answers the subject. Only functions of this schema call it.
-- The body may name its version; without, it is 1.
--
-- Example:
--   select log.enter('void', '7', '{"batch": "000007"}', '2026-03-01Z');
--   => 7
--   select log.enter('void', '7', '{"batch": "000008"}', '2026-03-01Z');
--   => 7
--   select convert_from(body, 'UTF8') from log.pending where kind = 'void';
--   => {"at":"2026-03-01T00:00:00.000Z","batch":"000007","kind":"void","v":1}
create or replace function log.enter(p_kind text, p_subject text, p_body jsonb, p_at timestamptz) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from log.entry where subject = p_subject and kind = p_kind) then
    insert into log.pending (kind, subject, body, at)
    values (p_kind, p_subject, convert_to(log.canonical(
      jsonb_build_object('v', 1) || p_body || jsonb_build_object('kind', p_kind, 'at', log.moment(p_at))), 'UTF8'), p_at)
    on conflict (kind, subject) do nothing;
  end if;
  return p_subject;
end
$$;

revoke execute on function log.enter from public;
