-- Certificates of something that did not happen, or not with these grams; in sentences.
--
-- Example:
--   select count(*) from verification.faults_of_subjects();
--   => 0
create or replace function verification.faults_of_subjects() returns table (fault text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with lot as (
    select certificate_id as id, batch_id, range_agg(int8range(first_g, last_g + 1)) as spans
    from verification.certificate_lot group by 1, 2
  ), source as (
    select c.id, c.kind, c.number, c.holder_id,
      case c.kind when 'retirement' then r.transfer_id when 'issuance' then null else c.subject_id end as transfer_id,
      case c.kind when 'retirement' then 'gCO2e/retired/' else 'gCO2e/wallet/' end || c.holder_id as account_id
    from verification.certificate c left join credits.retirement r on c.kind = 'retirement' and r.id = c.subject_id
  ), moved as (
    select s.id, m.batch_id, range_agg(int8range(m.lo, m.hi)) as spans
    from source s join ledger.block_move m on m.transfer_id = s.transfer_id and m.to_id = s.account_id group by 1, 2
  ), other as (
    select coalesce(l.id, m.id) as id from (select * from lot where id in (select id from source where kind <> 'issuance')) l
    full join moved m on m.id = l.id and m.batch_id = l.batch_id where l.spans is distinct from m.spans
  )
  select format('Certificate %s is of a %s that did not move these grams to its holder.', number,
    case kind when 'purchase' then 'sale' when 'transfer' then 'gift' else kind end) as fault
  from source where id in (select id from other)
  union all
  select format('Certificate %s is of request %s, which has no batch of this owner.', c.number, c.subject_id)
  from verification.certificate c where c.kind = 'issuance'
    and not exists (select from credits.batch b where b.request_id = c.subject_id and b.owner_id = c.holder_id)
  union all
  select format('Certificate %s: another auditor than the one who decided may revoke it.', c.number)
  from verification.certificate c where c.kind = 'issuance'
    and not exists (select from credits.batch b where b.request_id = c.subject_id and b.cva_id = c.decided_by)
  union all
  select format('Certificate %s is said to be of order %s, its sale was of %s.', c.number, coalesce(c.order_id, 'none'),
    coalesce(t.memo ->> 'orderId', 'none'))
  from verification.certificate c left join ledger.transfer t on c.kind = 'purchase' and t.id = c.subject_id
  where c.order_id is not null and c.order_id is distinct from t.memo ->> 'orderId'
    or c.order_id is null and t.memo ->> 'orderId' like 'ord\_%'
  order by 1 limit 100
$$;

revoke execute on function verification.faults_of_subjects from public;
grant execute on function verification.faults_of_subjects to evx_app;
