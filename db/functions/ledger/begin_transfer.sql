-- Writes a transfer's own row, which locks its id until the transaction ends. True for a retry: the id was used before
-- for the same content, told by its digest. Refuses `transfer_id_reused` for another content.
--
-- Example:
--   select ledger.begin_transfer('tfr_one', 'list', '2026-03-01', null, 'what was asked');
--   => f
--   select ledger.begin_transfer('tfr_one', 'list', '2026-03-01', null, 'what was asked');
--   => t
--   select ledger.begin_transfer('tfr_one', 'list', '2026-03-01', null, 'something else');
--   =! transfer_id_reused
create or replace function ledger.begin_transfer(
  p_id text, p_kind text, p_at timestamptz, p_memo jsonb, p_digest bytea
) returns boolean
language plpgsql as $$
begin
  insert into ledger.transfer (id, kind, digest, memo, at) values (p_id, p_kind, p_digest, p_memo, p_at)
  on conflict (id) do nothing;
  if found then return false; end if;
  if (select digest from ledger.transfer where id = p_id) <> p_digest then
    perform ledger.refuse('transfer_id_reused', jsonb_build_object('transferId', p_id));
  end if;
  return true;
end
$$;

revoke execute on function ledger.begin_transfer from public;
