-- Appends one row and answers its place. The chain's lock is held until the transaction ends, so the next one
-- sees this row; a transaction always uses one chain (its actor's), so two cannot wait for each other.
-- The moment is the database's own: p_at counts for the owner alone, who lays out demo worlds, and for the release before.
--
-- Example:
--   select identity.append_audit(3::smallint, 'aud_one', '2026-03-01', 'usr_anna', 'admin', 'user.suspended', 'usr_binh',
--     null, null, null, 'req_one');
--   => 1
--   select identity.append_audit(3::smallint, 'aud_two', '2026-03-01', 'usr_anna', 'admin', 'user.reinstated', 'usr_binh',
--     null, null, null, 'req_two');
--   => 2
--   select second.prev = first.hash from identity.audit first join identity.audit second using (chain)
--     where (first.seq, second.seq) = (1, 2);
--   => t
create or replace function identity.append_audit(
  p_chain smallint, p_id text, p_at timestamptz, p_actor_id text, p_actor_role text, p_action text,
  p_object text, p_before jsonb, p_after jsonb, p_origin text, p_cause text
) returns bigint
language plpgsql security definer set search_path = identity, pg_catalog, pg_temp as $$
declare
  last identity.audit;
  fresh identity.audit;
begin
  perform pg_advisory_xact_lock(hashtext('identity.audit'), p_chain);
  select * into last from identity.audit where chain = p_chain order by seq desc limit 1;
  -- Milliseconds, as cursors tell them. A session that has taken a role on is not the owner's, whoever opened it.
  if current_setting('role') <> 'none' or not pg_has_role(session_user, 'evx_former', 'member') then
    p_at := date_trunc('milliseconds', clock_timestamp());
  end if;
  fresh := row(p_chain, coalesce(last.seq, 0) + 1, p_id, p_at, p_actor_id, p_actor_role, p_action, p_object,
    p_before, p_after, p_origin, p_cause, coalesce(last.hash, '\x'::bytea), null);
  fresh.hash := identity.audit_hash(fresh);
  insert into identity.audit select fresh.*;
  return fresh.seq;
end
$$;

revoke execute on function identity.append_audit from public;
grant execute on function identity.append_audit to evx_app;
