/**
 * What looking for twins costs an import where 10,000,000 trips of other cars are recorded in the same months: 100,000
 * trips imported with the pages by which twins are found, and without them. Rounds alternate; prints are made in both, which
 * is a hundredth of an import. The figure is the import without the pages against the one with them: 0.9 is a tenth more.
 * What waits to be sorted in is sorted in between rounds, as requests and the database's own rounds do; said by itself.
 */
import { aUser } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { sql } from "kysely";
import { heldFileOf } from "./parts/file.ts";
import { importAll } from "./parts/world.ts";

/** A smaller world for a first look: TWINS=1000000. */
const OTHERS = Number(process.env.TWINS ?? 10_000_000);
const ROWS = 100_000;
const ROUNDS = 4;
/** As the import's file lies in time: 25 minutes from one to the next, up to the end of 2025. */
const MINUTES = 25;

/** Others' trips in the months of the file, two at a time, as if 180 had been recorded together; keys are built when all is there. */
const fill = async (t: TestDatabase): Promise<void> => {
  const owner = await aUser(t);
  const { id } = await aVehicle(t, owner);
  const days = Math.ceil((ROWS * MINUTES) / 60 / 24);
  await sql`select vehicles.ensure_months('trip', array(select generate_series(
    date_trunc('month', timestamptz '2026-01-01' - ${days}::int * interval '1 day'), '2026-01-01', '1 month')::date))`.execute(
    t.db,
  );
  const { rows: parts } = await sql<{ name: string; month: string }>`
    select inhrelid::regclass::text as name, substring(pg_get_expr(c.relpartbound, c.oid) from '\\d{4}-\\d\\d-\\d\\d') as month
    from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = 'vehicles.trip'::regclass order by 2`.execute(
    t.admin,
  );
  await sql`drop index vehicles.print_page_prints`.execute(t.admin);
  await sql`alter table vehicles.trip drop constraint trip_pkey`.execute(t.admin);
  const each = Math.ceil(OTHERS / parts.length);
  const write = async ({ name, month }: { name: string; month: string }): Promise<void> => {
    await t.admin.transaction().execute(async (tx) => {
      await sql`set local jit = off`.execute(tx);
      await sql`set local evx.local_days = 'kept'`.execute(tx);
      await sql`insert into ${sql.table(name)} (month, id, car_id, vehicle_id, started_at, ended_at, distance_m, energy_wh,
          co2_g, factors_version, precision, quality, source, print, shape)
        select ${month}::date, 'trp_' || n, v.car_id, v.id, ${month}::timestamptz, ${month}::timestamptz + interval '5 minutes',
          9000, 1500, 900, 0, 'exact', 'manual', 'bench', hashint8extended(n, 1) & 4503599627370495,
          case when n % 4 = 0 then hashint8extended(n, 2) & 4503599627370495 end
        from vehicles.vehicle v, generate_series(1, ${each}::int) n where v.id = ${id}`.execute(tx);
      await sql`insert into vehicles.print_page (month, car_id, trips, prints)
        select month, car_id, count(*), array_agg(print) || coalesce(array_agg(shape) filter (where shape is not null), '{}')
        from (select *, row_number() over () / 180 as page from ${sql.table(name)}) one group by month, car_id, page`.execute(
        tx,
      );
    });
  };
  const left = [...parts];
  const worker = async () => {
    for (let part = left.shift(); part !== undefined; part = left.shift()) await write(part);
  };
  await Promise.all([worker(), worker()]);
  await sql`alter table vehicles.trip add constraint trip_pkey primary key (car_id, month, id)`.execute(
    t.admin,
  );
};

/** Built when all is there: faster, and as dense as keys that grew. */
const build = async (t: TestDatabase): Promise<void> => {
  await sql`set maintenance_work_mem = '2GB'`.execute(t.admin);
  await sql`create index print_page_prints on vehicles.print_page using gin (prints)
    with (fastupdate = on, gin_pending_list_limit = 65536)`.execute(t.admin);
};

/** Whether new pages are entered where twins are looked for: switched at once, where dropping and building takes a minute. */
const entering = (t: TestDatabase, are: boolean) =>
  sql`update pg_index set indisready = ${are} where indrelid = 'vehicles.print_page'::regclass`.execute(
    t.admin,
  );

const sorted = async (t: TestDatabase): Promise<number> => {
  const from = performance.now();
  await sql`select vehicles.sort_prints()`.execute(t.db);
  return performance.now() - from;
};

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

export default async (print: (line: string) => void): Promise<void> => {
  const t = await testDatabase();
  const from = performance.now();
  await fill(t);
  print(`${OTHERS} trips of others written in ${Math.round((performance.now() - from) / 1000)} s`);
  await build(t);
  const round = async (are: boolean) => {
    await entering(t, are);
    return (await importAll(t, await heldFileOf(ROWS, MINUTES), ROWS)).millis;
  };
  await round(false);
  await round(true);
  const bare: number[] = [];
  const kept: number[] = [];
  const sortings: number[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    bare.push(await round(false));
    kept.push(await round(true));
    sortings.push(await sorted(t));
  }
  const [less, more] = [median(bare), median(kept)];
  print(
    `import of ${ROWS} trips beside ${OTHERS}: ${Math.round(more)} ms with what finds twins, ${Math.round(less)} ms without, ` +
      `ratio=${(less / more).toFixed(2)}`,
  );
  print(`sorting in what ${ROWS} trips added, later: ${Math.round(median(sortings))} ms`);
  await t.close();
};
