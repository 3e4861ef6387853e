/**
 * What looking for twins costs an import where 10,000,000 trips of other cars are recorded in the same months: 100,000
 * trips imported with the keys by which twins are found, and without them. Rounds alternate; prints are made in both, which
 * is a hundredth of an import. The figure is the import without the keys against the one with them: 0.9 is a tenth more.
 */
import { aUser } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { sql } from "kysely";
import { fileOf } from "./parts/file.ts";
import { importAll } from "./parts/world.ts";

const OTHERS = 10_000_000;
const ROWS = 100_000;
const ROUNDS = 4;
/** As the import's file lies in time: 25 minutes from one to the next, up to the end of 2025. */
const MINUTES = 25;

const keys = ["print", "shape"] as const;

/** Others' trips in the months of the file, two at a time; their keys are built when all is there. */
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
  for (const key of keys) await sql`drop index ${sql.table(`vehicles.trip_${key}`)}`.execute(t.admin);
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
  await sql`set maintenance_work_mem = '256MB'`.execute(t.admin);
  for (const key of keys)
    await sql`create index ${sql.ref(`trip_${key}`)} on vehicles.trip (${sql.ref(key)}) where ${sql.ref(key)} is not null`.execute(
      t.admin,
    );
};

/** Whether new trips are entered into the keys of twins: switched at once, where dropping and building takes a minute. */
const entering = (t: TestDatabase, are: boolean) =>
  sql`update pg_index i set indisready = ${are} from pg_inherits c join pg_class parent on parent.oid = c.inhparent
    where c.inhrelid = i.indexrelid and parent.relname in ('trip_print', 'trip_shape')`.execute(t.admin);

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

export default async (print: (line: string) => void): Promise<void> => {
  const t = await testDatabase();
  const from = performance.now();
  await fill(t);
  print(`${OTHERS} trips of others written in ${Math.round((performance.now() - from) / 1000)} s`);
  await build(t);
  const round = async (are: boolean) => {
    await entering(t, are);
    return (await importAll(t, fileOf(ROWS, MINUTES), ROWS)).millis;
  };
  await round(false);
  await round(true);
  const bare: number[] = [];
  const kept: number[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    bare.push(await round(false));
    kept.push(await round(true));
  }
  const [less, more] = [median(bare), median(kept)];
  print(
    `import of ${ROWS} trips beside ${OTHERS}: ${Math.round(more)} ms with the keys of twins, ${Math.round(less)} ms without, ` +
      `ratio=${(less / more).toFixed(2)}`,
  );
  await t.close();
};
