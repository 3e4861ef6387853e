-- What the price model learned each time it was trained. The server reads the run that serves and works nothing out of the
-- sales itself; a run that was worse than the one before is kept back, and says why.
create table pricing.model_run (
  currency text not null,
  version integer not null check (version > 0),
  status text not null check (status in ('serving', 'replaced', 'kept_back', 'insufficient_data')),
  reason text check (reason in ('not_a_number', 'worse', 'fewer_sales')),
  started_at timestamptz not null,
  ended_at timestamptz not null,
  took_ms integer not null check (took_ms >= 0),
  -- The sales that it learned from: when the first and the last of them were, how many, and which the last is.
  first_sale_at timestamptz,
  last_sale_at timestamptz,
  last_order_id text,
  trades integer not null check (trades >= 0),
  traders integer not null check (traders >= 0),
  features jsonb not null,
  parameters jsonb not null,
  metrics jsonb not null,
  rung text check (rung in ('last_price', 'comparables', 'nearest', 'hedonic', 'indicative')),
  -- All that a hint needs, as JSON. Only the serving run's is kept.
  model text,
  primary key (currency, version),
  check ((status = 'kept_back') = (reason is not null)),
  check ((model is not null) = (status = 'serving')),
  check (started_at <= ended_at)
);

create unique index model_run_serving on pricing.model_run (currency) where status = 'serving';
comment on column pricing.model_run.last_order_id is 'Id<"order">';

grant select, insert, update on pricing.model_run to evx_app;

create index trade_by_currency on pricing.trade (currency, at, order_id);
