-- Credits that an operator put into the buffer for a revoked batch, to make up for what was sold of it. What the buffer then
-- gave is a cancellation like others; old code reads only that.

create table credits.replacement (
  transfer_id text primary key,
  batch_id text not null references credits.batch (id),
  operator_id text not null,
  grams_g bigint not null check (grams_g > 0),
  note text not null check (note <> ''),
  made_at timestamptz not null
);
create index replacement_by_batch on credits.replacement (batch_id, made_at);

comment on column credits.replacement.transfer_id is 'Id<"transfer">';
comment on column credits.replacement.batch_id is 'Id<"batch">';
comment on column credits.replacement.operator_id is 'Id<"user">';

create trigger append_only before update or delete or truncate on credits.replacement
  for each statement execute function public.refuse_change();

grant select, insert on credits.replacement to evx_app;
