import { afterAll, expect, test } from "bun:test";
import { sql } from "kysely";
import { foreignSchemas, textsOfCheck } from "./table-types.ts";
import { testDatabase } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

/** Every table of ours: c is the table, n its schema. Partitions follow their parent. */
const tables = sql.raw(`pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition and not (${foreignSchemas})`);

const columns =
  sql.raw(`pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p') and not (${foreignSchemas})`);

const names = async (query: ReturnType<typeof sql<{ name: string }>>): Promise<string[]> =>
  (await query.execute(t.admin)).rows.map((row) => row.name);

test("every table has a primary key", async () => {
  const without = await names(sql`
    select n.nspname || '.' || c.relname as name from ${tables}
      and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p') order by 1`);
  expect(without).toEqual([]);
});

test("a table that grants insert but no change has the trigger that refuses change, and the other way round", async () => {
  const unlike = await names(sql`
    select n.nspname || '.' || c.relname as name from ${tables}
      and has_table_privilege('evx_both_for_tests', c.oid, 'insert')
      and (has_any_column_privilege('evx_both_for_tests', c.oid, 'update')
        or has_table_privilege('evx_both_for_tests', c.oid, 'delete'))
        = exists (select from pg_trigger g where g.tgrelid = c.oid and g.tgfoid = 'public.refuse_change()'::regprocedure)
    order by 1`);
  expect(unlike).toEqual([]);
});

test("the application's roles own nothing, truncate nothing, and make nothing", async () => {
  const mine = await names(sql`
    select c.oid::regclass::text as name from pg_class c
      where c.relowner in (select oid from pg_roles where rolname in ('evx_app', 'evx_serving', 'evx_working', 'evx_former'))
    union all select nspname from pg_namespace where has_schema_privilege('evx_both_for_tests', oid, 'create')
    union all select n.nspname || '.' || c.relname from ${tables}
      and has_table_privilege('evx_both_for_tests', c.oid, 'truncate')`);
  expect(mine).toEqual([]);
});

test("grams and minor units are int8, metres and watt-hours are integers, instants know their zone", async () => {
  const wrong = await names(sql`
    select format('%s.%s is %s', c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod)) as name from ${columns}
      and (a.attname ~ '_(g|minor)$' and a.atttypid <> 'int8'::regtype
        or a.attname ~ '_(m|wh)$' and a.atttypid not in ('int8'::regtype, 'int4'::regtype)
        or a.atttypid in ('timestamp'::regtype, 'money'::regtype, 'timetz'::regtype))
    order by 1`);
  expect(wrong).toEqual([]);
});

test("a function with its owner's rights fixes its search path, so nobody can slip it another table", async () => {
  const loose = await names(sql`
    select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and not (${sql.raw(foreignSchemas)})
      and not exists (select from unnest(p.proconfig) setting where setting like 'search_path=%')
    order by 1`);
  expect(loose).toEqual([]);
});

// "comment on table x.y is 'distributed by z'" says how a table would be spread over machines (README).
test("every key and constraint of a distributed table contains its distribution column", async () => {
  const wrong = await names(sql`
    with spread as (
      select c.oid, a.attnum from pg_class c
      join pg_description d on d.objoid = c.oid and d.classoid = 'pg_class'::regclass and d.objsubid = 0
      left join pg_attribute a on a.attrelid = c.oid
        and a.attname = substring(d.description from '^distributed by (\\w+)$')
      where d.description like 'distributed by %')
    select format('%s: %s', k.conrelid::regclass, k.conname) as name
      from spread s join pg_constraint k on k.conrelid = s.oid
      left join spread f on f.oid = k.confrelid
      where k.contype in ('p', 'u', 'x') and s.attnum <> all (k.conkey)
        or k.contype = 'f' and f.oid is not null
          and not exists (select from unnest(k.conkey, k.confkey) u(own, far) where u.own = s.attnum and u.far = f.attnum)
    union all select format('%s: %s', i.indrelid::regclass, i.indexrelid::regclass)
      from spread s join pg_index i on i.indrelid = s.oid where i.indisunique and s.attnum <> all (i.indkey::int2[])
    union all select format('%s: no such column', s.oid::regclass) from spread s where s.attnum is null
    order by 1`);
  expect(wrong).toEqual([]);
});

test("a check that lists texts is read as a union, any other check is not", () => {
  expect(textsOfCheck(["CHECK ((kind = ANY (ARRAY['event'::text, 'job'::text])))"])).toEqual([
    "event",
    "job",
  ]);
  expect(textsOfCheck(["CHECK ((word = ANY (ARRAY['it''s'::text])))"])).toEqual(["it's"]);
  expect(textsOfCheck(["CHECK ((version > 0))", "CHECK ((a <> ALL (ARRAY['b'::text])))"])).toBeNull();
});
