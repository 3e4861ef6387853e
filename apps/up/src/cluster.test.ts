/** Two servers, two workers, two databases and nginx, as a person starts them; and what is said where they cannot be. */
import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { createDb, createPool, sql } from "@evx/db";
import { runningPort, startPostgres } from "@evx/db/embedded";
import { nginxBinary, siteOf } from "./front.ts";
import { launchPlace } from "./launched.testing.ts";
import { obstacleTo } from "./obstacles.ts";
import { isFree } from "./ports.ts";

const { port, dataDir, launch, end } = await launchPlace("cluster.ts", 9);
afterAll(end);

const until = async (holds: () => boolean | Promise<boolean>, what: () => string): Promise<void> => {
  const late = performance.now() + 240_000;
  while (!(await holds())) {
    if (performance.now() > late) throw new Error(what());
    await Bun.sleep(200);
  }
};

const machine = { production: false, given: false, nginx: true, free: 1e12, dataDir: "/data", taken: [] };

test("a port taken, no nginx, a gigabyte free, a database of one's own, production: one sentence each", () => {
  expect(obstacleTo(machine)).toBeNull();
  expect(obstacleTo({ ...machine, free: 1024 ** 3 })).toMatch(/^The disk of \/data has 1.0 GB left/);
  expect(obstacleTo({ ...machine, nginx: false })).toMatch(/^There is no nginx/);
  expect(obstacleTo({ ...machine, taken: ["3000 (front)"] })).toMatch(/^Port 3000 \(front\) is in use/);
  expect(obstacleTo({ ...machine, given: true })).toMatch(/^DATABASE_URL is set/);
  expect(obstacleTo({ ...machine, production: true })).toMatch(/^NODE_ENV is production/);
});

test("the command says so, ends, and leaves nothing running", async () => {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: port + 6, socket: { data() {} } });
  const taken = launch();
  expect(await taken.child.exited).toBe(1);
  listener.stop(true);
  const bare = launch({ NGINX_PATH: "/nowhere" });
  expect(await bare.child.exited).toBe(1);
  await Bun.sleep(100);
  expect(bare.said()).toMatch(/There is no nginx .* Nothing was started\./);
  if (nginxBinary)
    expect(taken.said()).toMatch(
      new RegExp(`Port ${port + 6} \\(server2\\) is in use .* Nothing was started\\.`),
    );
  for (let one = port; one < port + 8; one++) expect(await isFree(one)).toBe(true);
  expect(await runningPort(join(dataDir, "postgres"))).toBeNull();
});

test("nginx on one machine has what is shipped, without TLS", async () => {
  const shipped = await Bun.file(join(import.meta.dir, "../deploy/nginx.conf")).text();
  const site = siteOf(shipped, { port: 80, servers: [81, 82] });
  expect(site).not.toMatch(/ssl_|server-1|listen 443|return 301/);
  expect(site).toContain("proxy_next_upstream error timeout http_502;");
  expect(site.split("{").length).toBe(site.split("}").length);
});

/** The process of the first database, which runs already: it is only asked for. */
const pidOfFirst = async (): Promise<number> => {
  const { url } = await startPostgres({ dataDir: join(dataDir, "postgres"), port: port + 2 });
  const db = createDb(createPool(url, { max: 1, onError: () => {} }));
  const { rows } = await sql<{ file: string }>`select pg_read_file('postmaster.pid') as file`.execute(db);
  await db.destroy();
  return Number(rows[0]?.file.split("\n")[0]);
};

const signIn = (url: string) =>
  fetch(`${url}/api/users/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "buyer@demo.evx", password: "demo-password-1" }),
  });

test.skipIf(!nginxBinary)(
  "the first database is killed: the replica takes its place, what was acknowledged is there, and people go on; so does the next start",
  async () => {
    const { child, said } = launch();
    const url = `http://127.0.0.1:${port}`;
    await until(() => said().includes("The cluster is up") || child.exitCode !== null, said);
    expect(said()).toContain("The cluster is up");
    const { token, user } = (await (await signIn(url)).json()) as { token: string; user: { id: string } };
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const search = () => fetch(`${url}/api/marketplace/listings`, { headers });
    await until(async () => (await search()).headers.has("x-data-age-ms"), said);

    const name = `Named before the kill ${port}`;
    const saved = await fetch(`${url}/api/users/profile`, {
      method: "PUT",
      headers,
      body: JSON.stringify({ fullName: name }),
    });
    expect(saved.status).toBe(200);
    process.kill(await pidOfFirst(), "SIGKILL");
    const outage: string[] = [];
    await until(async () => {
      const answer = await fetch(`${url}/api/users/${user.id}`, { headers });
      outage.push(answer.status === 200 ? "200" : `${answer.status} ${answer.headers.has("retry-after")}`);
      return said().includes("The replica is the first database now");
    }, said);
    // Whoever asks meanwhile is told to come again, by a server or by nginx; nobody sees a bad gateway.
    expect([...new Set(outage)].filter((one) => one !== "200" && one !== "503 true")).toEqual([]);
    await until(async () => (await fetch(`${url}/health/ready`)).status === 200, said);
    const me = await fetch(`${url}/api/users/${user.id}`, { headers });
    expect(await me.text()).toContain(name);
    child.kill("SIGINT");
    expect(await child.exited).toBe(0);

    const again = launch();
    await until(
      () => again.said().includes("The cluster is up") || again.child.exitCode !== null,
      again.said,
    );
    expect(await (await fetch(`${url}/api/users/${user.id}`, { headers })).text()).toContain(name);
    again.child.kill("SIGINT");
    await again.child.exited;
    for (let one = port; one < port + 8; one++) expect(await isFree(one)).toBe(true);
  },
  600_000,
);
