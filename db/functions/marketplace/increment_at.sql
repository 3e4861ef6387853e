create or replace function marketplace.increment_at(price bigint, step_bps int, step_minor bigint) returns bigint
language sql immutable parallel safe as $$
  select greatest((price * step_bps + 9999) / 10000, step_minor);
$$;
