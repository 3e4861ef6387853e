/** A company's cars by the command line: added, fed and requested for, from the database and over HTTP. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { register } from "@evx/accounts";
import { type LiveWorld, startLiveWorld } from "@evx/server/testing";

setDefaultTimeout(120_000);

const index = join(import.meta.dir, "index.ts");

const run = async (args: string[], env: Record<string, string>) => {
  const child = Bun.spawn([process.execPath, index, ...args], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { PATH: Bun.env.PATH ?? "", HOME: Bun.env.HOME ?? "", NODE_ENV: "test", ...env },
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, err, code, json: () => JSON.parse(out) };
};

let world: LiveWorld;
const owner = {
  email: "taxis@example.com",
  password: "a-good-password",
  fullName: "Taxi Sài Gòn",
  locale: "vi",
} as const;

beforeAll(async () => {
  world = await startLiveWorld();
  const context = {
    request: { headers: new Headers(), ip: "127.0.0.1" },
    transact: world.database.transact,
  };
  await register(
    context,
    world.runtime.ports.identity.accounts,
    { ...owner, role: "ev_owner" },
    { by: null, session: false },
  );
});
afterAll(() => world.close());

/** A key of the company's, made as the web makes it: in a session. */
const aKey = async (scopes: string[]): Promise<string> => {
  const call = async (path: string, body: object, cookie = "") =>
    fetch(`${world.url}/trpc/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: world.url, ...(cookie ? { cookie } : {}) },
      body: JSON.stringify(body),
    });
  const signedIn = await call("identity.signIn", { email: owner.email, password: owner.password });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const made = await call("identity.apiKeys.create", { name: "Depot", scopes, expiresInDays: 1 }, cookie);
  if (!made.ok) throw new Error(await made.text());
  return ((await made.json()) as { result: { data: { key: string } } }).result.data.key;
};

const fileOf = async (name: string, text: string): Promise<string> => {
  const file = join(world.dataDir, name);
  await Bun.write(file, text);
  return file;
};

const cars = (from: number) =>
  [
    "vin,make,model,year,plate,name",
    `RLLV5AE1XNH00000${from},VinFast,VF 5,2024,51A-00${from}.11,Taxi ${from}`,
    `RLLV5AE1XNH00001${from},VinFast,VF 5,2024,51A-01${from}.11,Taxi 1${from}`,
  ].join("\n");

const trips = (from: number) =>
  [
    "Xe,start_time,end_time,distance_km",
    `51A-00${from}.11,2025-03-01T01:00:00Z,2025-03-01T01:30:00Z,12.4`,
    `Taxi 1${from},2025-03-01T01:00:00Z,2025-03-01T01:40:00Z,17.9`,
    `51A-00${from}.11,2024-12-30T01:00:00Z,2024-12-30T01:30:00Z,11.1`,
  ].join("\n");

test("cars and trips by files, credits for all, and how it stands: on the database and over HTTP", async () => {
  const local = { DATABASE_URL: world.database.url, DATA_DIR: world.dataDir, EVX_AS: owner.email };
  const remote = { EVX_URL: world.url, EVX_API_KEY: await aKey(["fleet:read", "fleet:write"]) };
  for (const [from, env] of [
    [1, local],
    [2, remote],
  ] as const) {
    const added = await run(
      ["fleet", "add-cars", "--file", await fileOf(`cars${from}.csv`, cars(from))],
      env,
    );
    expect([added.err, added.json().created, added.json().rejected]).toEqual(["", 2, []]);
    const sent = ["fleet", "import-trips", "--file", await fileOf(`trips${from}.csv`, trips(from))];
    const brought = await run([...sent, "--vehicle-column", "Xe", "--zone", "Asia/Ho_Chi_Minh"], env);
    expect([brought.err, brought.json()]).toMatchObject(["", { imported: 3, unmatched: [] }]);
    expect(brought.json().fileName).toBe(`trips${from}.csv`);
    const shown = await run(["fleet", "import", "--id", brought.json().id], env);
    expect(shown.json()).toMatchObject({ imported: 3 });
    const listed = await run(["fleet", "cars", "--q", `taxi 1${from}`], env);
    expect(listed.json().items).toMatchObject([{ state: "requestable", tripCount: 1 }]);
    const asked = await run(["fleet", "request"], env);
    expect(asked.err).toBe("");
    const stands = await run(["fleet", "submission", "--id", asked.json().id], env);
    expect(stands.json()).toMatchObject({ id: asked.json().id });
  }
  const summary = await run(["fleet", "summary"], remote);
  expect(summary.json()).toMatchObject({ vehicles: 4, trips: 6 });
});

test("a file that is not there, or is none of cars, is said in a sentence", async () => {
  const env = { DATABASE_URL: world.database.url, DATA_DIR: world.dataDir, EVX_AS: owner.email };
  const none = await run(["fleet", "add-cars", "--file", "/nowhere/cars.csv"], env);
  expect([none.code, none.out, none.err.trim()]).toEqual([1, "", "There is no file /nowhere/cars.csv."]);
  const silent = await run(["fleet", "add-cars"], env);
  expect([silent.code, silent.err]).toEqual([1, expect.stringContaining("--file")]);
  const other = await run(["fleet", "add-cars", "--file", await fileOf("x.csv", "a,b\n1,2\n")], env);
  expect([other.code, other.err]).toEqual([1, expect.stringContaining("fleet_columns_missing")]);
  const help = await run(["fleet", "import-trips", "--help"], {});
  expect(help.out).toMatch(/--file \[string\]\s.*required/);
  expect(help.out).not.toContain("--content");
});
