/** The files of a deployment: whole, without a password in an address, and understood by the programs that read them. */
import { expect, test } from "bun:test";
import { join } from "node:path";

const root = join(import.meta.dir, "../../..");
const text = (path: string) => Bun.file(join(root, path)).text();
const program = (name: string) => Bun.which(name);
const run = (command: string[], cwd = root, env: Record<string, string> = {}) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd, env: { ...process.env, ...env } });
  return { exitCode, said: stdout.toString() + stderr.toString() };
};

type Compose = { services: Record<string, { environment?: Record<string, string> }> };

test("every setting of .env.example reaches the containers, and every one that they take stands there", async () => {
  const compose = await text("docker-compose.yml");
  const asked = new Set([...compose.matchAll(/\$\{(\w+)/g)].map(([, name]) => name as string));
  const example = new Set(
    [...(await text(".env.example")).matchAll(/^(\w+)=/gm)].map(([, name]) => name as string),
  );
  // Said by the composition itself, or only where there is none.
  const own = ["NODE_ENV", "PORT", "DATABASE_URL", "DATABASE_ADMIN_URL", "TRUSTED_PROXIES"];
  expect([...example].filter((name) => !asked.has(name) && !own.includes(name))).toEqual([]);
  expect([...asked].filter((name) => !example.has(name))).toEqual([]);
});

test("no address of the composition holds a password", async () => {
  const { services } = Bun.YAML.parse(await text("docker-compose.yml")) as Compose;
  const addresses = Object.values(services).flatMap(({ environment = {} }) =>
    Object.values(environment).filter((value) => String(value).includes("://")),
  );
  expect(addresses.length).toBeGreaterThan(4);
  expect(addresses.filter((address) => /:\/\/[^/@]*:[^/@]*@/.test(address))).toEqual([]);
});

test.skipIf(!program("docker-compose"))("docker-compose reads the composition", () => {
  expect(run(["docker-compose", "config", "-q"], root, { POSTGRES_PASSWORD: "a/b@c:d" })).toEqual({
    exitCode: 0,
    said: "",
  });
});

const deploy = join(root, "apps/up/deploy");

test.skipIf(!program("promtool"))(
  "promtool reads the alert rules, and they wake somebody when they should",
  () => {
    expect(run(["promtool", "check", "rules", "alerts.yml"], deploy)).toMatchObject({ exitCode: 0 });
    expect(run(["promtool", "test", "rules", "alerts.test.yml"], deploy)).toMatchObject({ exitCode: 0 });
  },
);

test("every alert has a page that says what to do, and every number of alerts and boards is one that servers give", async () => {
  const rules = await text("apps/up/deploy/alerts.yml");
  const alerts = [...rules.matchAll(/- alert: /g)].length;
  const wanted = [...rules.matchAll(/runbook: (\S+)/g)].map(([, page]) => page as string);
  expect(wanted.length).toBe(alerts);
  expect(new Set(wanted).size).toBeGreaterThan(10);
  for (const page of wanted) {
    const said = await text(page);
    expect([page, /^# .+\n[\s\S]+## Look\n[\s\S]+## Do\n[\s\S]+## Over when\n/.test(said)]).toEqual([
      page,
      true,
    ]);
    expect((await text("docs/operations.md")).includes(page.replace("docs/", ""))).toBe(true);
  }
  const given = (await text("apps/server/src/gauges.ts")) + (await text("apps/server/src/metrics.ts"));
  const used = new Set((rules + (await text("apps/up/deploy/grafana/venue.json"))).match(/\bevx_\w+/g));
  const unknown = [...used]
    .map((name) => name.replace(/_(count|bucket|sum)$/, ""))
    .filter((name) => !given.includes(`"${name}"`));
  expect(unknown).toEqual([]);
});
