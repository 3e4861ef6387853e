-- The one text of a JSON value (RFC 8785 for whole numbers and text): what is logged and hashed.
--
-- Example:
--   select log.canonical('{"b": [1, null, true], "a": "ngôi \"nhà\"", "B": {}}');
--   => {"B":{},"a":"ngôi \"nhà\"","b":[1,null,true]}
create or replace function log.canonical(p_value jsonb) returns text
language sql immutable parallel safe as $$
  select case jsonb_typeof(p_value)
    when 'object' then '{' || coalesce((
      select string_agg(to_json(key)::text || ':' || log.canonical(value), ',' order by key collate "C")
      from jsonb_each(p_value)), '') || '}'
    when 'array' then '[' || coalesce((
      select string_agg(log.canonical(value), ',' order by place)
      from jsonb_array_elements(p_value) with ordinality as e (value, place)), '') || ']'
    else p_value::text
  end
$$;
