-- Writes down the retirement of grams that a sale moves straight out of circulation: `retire` of @evx/credits for SQL.
-- `announceRetirement` tells of it. The posting is the caller's, under p_transfer. p_content holds retirementId, beneficiaryName,
-- beneficiaryCountry, beneficiaryLei, periodFrom, periodTo, reason, message and words.
--
-- Example:
--   select credits.note_retirement('tfr_one', 'usr_binh', 100, '{"retirementId": "ret_one", "beneficiaryName": "Binh",
--     "reason": "personal", "words": "binh"}', '2026-03-01');
--   select id, holder_id, grams_g, beneficiary_name, reason from credits.retirement;
--   => ret_one | usr_binh | 100 | Binh | personal
create or replace function credits.note_retirement(
  p_transfer text, p_holder text, p_grams bigint, p_content jsonb, p_at timestamptz
) returns void
language plpgsql as $$
begin
  insert into credits.retirement (id, transfer_id, holder_id, grams_g, beneficiary_name, beneficiary_country, beneficiary_lei,
      period_from, period_to, reason, message, words, retired_at)
    values (p_content ->> 'retirementId', p_transfer, p_holder, p_grams, p_content ->> 'beneficiaryName',
      p_content ->> 'beneficiaryCountry', p_content ->> 'beneficiaryLei', (p_content ->> 'periodFrom')::date, (p_content ->> 'periodTo')::date,
      p_content ->> 'reason', p_content ->> 'message', p_content ->> 'words', p_at);
end
$$;
