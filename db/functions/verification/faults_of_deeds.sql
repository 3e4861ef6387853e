-- What an operator or an auditor is said to have done, told otherwise than the audit trail has it, or that it knows nothing of,
-- or of which nothing is there: interests, accreditations, grid factors, revocations, what made up for a
-- batch, signs of collusion; in sentences. Lines from before they named the moment hold the rest of it.
--
-- Example:
--   insert into vehicles.grid_factor (country_code, year, version, grid_mg_per_kwh, source, set_by, set_at)
--     values ('VN', 2025, 1, 1, 'Nobody.', 'usr_thief', '2026-01-01Z');
--   select fault from verification.faults_of_deeds();
--   => Grid factor VN 2025, version 1: by the audit trail usr_thief did not enter it as it stands.
create or replace function verification.faults_of_deeds() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with line as (
    select action, object, actor_id, before, after, chain, seq from identity.audit where action in ('interest.declare', 'interest.end',
      'auditor.accreditation', 'grid_factor.set', 'certificate.revoke', 'shortfall.make_up', 'request.suspect', 'trade.odd')
  ), done as (
    select 'interest.declare' as action, reviewer_id as object, declared_by as actor_id, declared_at as at,
      jsonb_build_object('subjectId', subject_id, 'reason', reason) as said,
      format('That auditor %s has an interest in %s', reviewer_id, subject_id) as what, 'say so' as verb from verification.interest
    union all
    select 'interest.end', reviewer_id, null, ended_at, jsonb_build_object('subjectId', subject_id),
      format('The end of auditor %s''s interest in %s', reviewer_id, subject_id), 'end it'
    from verification.interest where ended_at is not null
    union all
    select 'auditor.accreditation', reviewer_id, entered_by, at, jsonb_build_object('body', body, 'number', number,
      'assurance', assurance, 'valid_until', valid_until), format('Accreditation %s of auditor %s', number, reviewer_id), 'enter it'
    from verification.accreditation
    union all
    select 'grid_factor.set', country_code || ' ' || year, set_by, set_at, jsonb_build_object('source', source, 'version', version,
      'gramsPerKwh', trim_scale(grid_mg_per_kwh / 1000.0)), format('Grid factor %s %s, version %s', country_code, year, version), 'enter it'
    from vehicles.grid_factor
    union all
    select 'certificate.revoke', certificate_id, revoked_by, revoked_at, jsonb_build_object('reason', reason),
      'The revocation of ' || certificate_id, 'make it' from verification.revocation
    union all
    select 'shortfall.make_up', batch_id, operator_id, made_at, jsonb_build_object('grams', grams_g::text, 'note', note),
      format('What made up for %s with %s g', batch_id, grams_g), 'give it' from credits.replacement
    union all
    select 'request.suspect', request_id, null, raised_at, jsonb_build_object('kind', kind, 'reviewerId', reviewer_id,
      'ownerId', owner_id, 'sourceId', source_id), 'The sign on request ' || request_id, null from verification.alert
    union all
    select 'request.suspect', request_id, null, raised_at, jsonb_build_object('kind', 'trade', 'reviewerId', reviewer_id,
      'ownerId', owner_id, 'sourceId', order_id), 'The sign on request ' || request_id, null from verification.trade_alert
    union all
    select 'trade.odd', order_id, null, null, jsonb_build_object('buyerId', buyer_id, 'sellerId', seller_id,
      'originIds', to_jsonb(origin_ids), 'grams', grams::text,
      'price', price_minor::text, 'market', market_minor::text, 'currency', currency, 'soldAt', log.moment(sold_at)),
      'The odd sale of order ' || order_id, null from verification.odd_trade
  )
  select format('%s: by the audit trail %s did not %s as it stands.', d.what, coalesce(d.actor_id, 'nobody'), d.verb) as fault
  from done d where d.verb is not null and not exists (select from line l
    where l.action = d.action and l.object = d.object and (d.actor_id is null or l.actor_id = d.actor_id)
      and coalesce(l.after ->> 'at', log.moment(d.at)) = log.moment(d.at) and coalesce(l.after, l.before) @> d.said)
  union all
  select format('Line %s/%s of the audit trail says %s of %s (%s), and no such thing is kept.', l.chain, l.seq, l.action, l.object,
    coalesce(l.after, l.before))
  from line l where not exists (select from done d where d.action = l.action and d.object = l.object
    and coalesce(l.after, l.before) @> d.said)
  order by 1 limit 100
$$;

revoke execute on function verification.faults_of_deeds from public;
grant execute on function verification.faults_of_deeds to evx_app;
