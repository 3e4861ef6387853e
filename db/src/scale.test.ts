import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Client } from "pg";
import { brokenRows, type Facts, planOf, scale, scaleFacts, wantedTables } from "./scale.ts";
import { type TestDatabase, testDatabase } from "./testing.ts";

let t: TestDatabase;
let client: Client;
beforeAll(async () => {
  t = await testDatabase();
  client = new Client({ connectionString: t.adminUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await t.close();
});

const whole: Facts = {
  version: 180_004,
  extension: "loaded",
  wanted: [
    { table: "vehicles.trip", by: "car_id" },
    { table: "vehicles.track", by: "car_id" },
  ],
  spread: [],
  keys: [],
  rows: [],
};
const done = [
  { table: "vehicles.car", by: null },
  { table: "vehicles.vehicle", by: null },
  { table: "vehicles.trip", by: "car_id" },
  { table: "vehicles.track", by: "car_id" },
];
const refusal = (facts: Partial<Facts>): string => {
  try {
    planOf({ ...whole, ...facts });
    return "none";
  } catch (error) {
    return (error as Error).message;
  }
};
const catalogue = async (): Promise<string> =>
  JSON.stringify((await client.query("select oid, relname, relnatts from pg_class order by oid")).rows);

describe("spreading over a cluster", () => {
  test("is refused on a server without the extension, and changes nothing", async () => {
    const before = await catalogue();
    await expect(scale(t.adminUrl, { go: true })).rejects.toThrow(/does not load the extension citus/);
    expect(await catalogue()).toBe(before);
  });

  test("is refused on a half-spread database, one that is spread otherwise, and an older server, in a sentence each", () => {
    expect(refusal({})).toBe("none");
    expect(refusal({ extension: "made", spread: done.slice(0, 3) })).toMatch(
      /half spread: vehicles.track are not/,
    );
    expect(refusal({ extension: "made", spread: [{ table: "vehicles.trip", by: "vehicle_id" }] })).toMatch(
      /in another way .*vehicles.trip/,
    );
    expect(refusal({ version: 150_004 })).toMatch(/PostgreSQL 15, and 18 is needed/);
    expect(refusal({ keys: ["vehicles.trip: trip_pkey"] })).toMatch(/A key must hold .*trip_pkey/);
    expect(refusal({ rows: ["3 of vehicles.trip without their car"] })).toMatch(/3 of vehicles.trip/);
  });

  test("begins with what is everywhere, puts all of a car's rows beside each other, and only makes months where it is done", () => {
    const { steps } = planOf(whole);
    expect(steps.map(({ say }) => say)).toEqual([
      "Make the extension",
      "Allow triggers on spread tables",
      "Copy vehicles.car to every node",
      "Copy vehicles.vehicle to every node",
      "Spread vehicles.trip by car_id",
      "Spread vehicles.track by car_id, beside vehicles.trip",
      "Make the partitions of the next 12 months",
    ]);
    expect(planOf({ ...whole, extension: "made", spread: done })).toMatchObject({
      done: true,
      steps: [{ say: "Make the partitions of the next 12 months" }],
    });
  });

  test("knows the tables of a car's rows, whose keys all hold the car, and can make the months ahead", async () => {
    const facts = await scaleFacts(t.adminUrl);
    expect(facts.wanted.map(({ table }) => table)).toEqual([
      "vehicles.trip",
      ...[
        "claim",
        "day_total",
        "local_day_total",
        "local_month_total",
        "month_total",
        "odometer",
        "track",
      ].map((name) => `vehicles.${name}`),
    ]);
    expect(facts.keys).toEqual([]);
    const [months] = planOf({ ...whole, extension: "made", spread: done }).steps;
    await client.query(months?.sql ?? "");
    const next = new Date(Date.UTC(new Date().getUTCFullYear() + 1, new Date().getUTCMonth(), 1));
    const name = `vehicles.trip_${next.toISOString().slice(0, 7).replace("-", "_")}`;
    expect((await client.query("select to_regclass($1)::text as name", [name])).rows).toEqual([{ name }]);
  });

  test("finds rows whose car is gone, which no constraint of one machine would let in", async () => {
    const wanted = (await wantedTables(client)).filter(({ table }) => table === "vehicles.month_total");
    expect(await brokenRows(client, wanted)).toEqual([]);
    const { rows } = await client.query<{ name: string; type: string }>(`
      select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
      where attrelid = 'vehicles.month_total'::regclass and attnum > 0 and attnotnull and not atthasdef`);
    const filled: Record<string, string> = { bigint: "0", integer: "0", date: "'2026-01-01'", text: "'x'" };
    await client.query("set session_replication_role = replica");
    await client.query(
      `insert into vehicles.month_total (${rows.map(({ name }) => name).join(", ")})
       values (${rows.map(({ name, type }) => (name === "car_id" ? "987654321" : (filled[type] ?? "default"))).join(", ")})`,
    );
    expect(await brokenRows(client, wanted)).toEqual(["1 of vehicles.month_total without their car"]);
  });
});

const citus = process.env.CITUS_ADMIN_URL;

test.skipIf(!citus)(
  "on a cluster (CITUS_ADMIN_URL) it spreads once, and again only makes months",
  async () => {
    expect(await scale(citus ?? "", { go: true })).toMatchObject({ spread: true });
    expect((await scale(citus ?? "", { go: true })).steps).toEqual([
      "Make the partitions of the next 12 months",
    ]);
  },
);
