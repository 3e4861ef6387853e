-- The next leg after p_leg that gets grams.
--
-- Example:
--   select ledger.next_receiver('tfr_one', array['USD/cash/usr_anna', 'gCO2e/listing/lst_one', 'gCO2e/wallet/usr_binh'],
--     array[5, -10, 10], 0);
--   => 3
--   select ledger.next_receiver('tfr_one', array['gCO2e/listing/lst_one', 'gCO2e/wallet/usr_binh'], array[-10, 10], 2);
--   =! The credits of tfr_one do not sum to zero.
create or replace function ledger.next_receiver(
  p_transfer text, p_accounts text[], p_amounts bigint[], p_leg int
) returns int
language plpgsql as $$
begin
  for leg in p_leg + 1 .. cardinality(p_accounts) loop
    if p_amounts[leg] > 0 and starts_with(p_accounts[leg], 'gCO2e/') then return leg; end if;
  end loop;
  raise exception using errcode = 'invalid_parameter_value',
    message = format('The credits of %s do not sum to zero.', p_transfer);
end
$$;

revoke execute on function ledger.next_receiver from public;
