/** The files of a deployment: whole, without a password in an address, and understood by the programs that read them. */
import { expect, test } from "bun:test";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "../../..");
const text = (path: string) => Bun.file(join(root, path)).text();
const program = (name: string) => Bun.which(name);
const run = (command: string[], cwd = root, env: Record<string, string> = {}) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd, env: { ...process.env, ...env } });
  return { exitCode, said: stdout.toString() + stderr.toString() };
};

type Compose = {
  services: Record<
    string,
    { environment?: Record<string, string>; entrypoint?: string[]; command?: string[] }
  >;
};

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

test.skipIf(!program("docker-compose"))(
  "docker-compose reads the composition",
  () => {
    expect(run(["docker-compose", "config", "-q"], root, { POSTGRES_PASSWORD: "a/b@c:d" })).toEqual({
      exitCode: 0,
      said: "",
    });
  },
  30_000,
);

const isRoot = process.getuid?.() === 0 && run(["id", "-u", "postgres"]).exitCode === 0;

test.skipIf(!isRoot)(
  "Postgres may write into its archive, and is started by its image's own program as before",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "evx-archive-"));
    try {
      // As an engine lays out a volume's folder: root's alone.
      const archive = join(folder, "archive");
      await mkdir(archive, { mode: 0o755 });
      await chmod(folder, 0o755);
      const own = join(folder, "docker-entrypoint.sh");
      await writeFile(own, '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
      const { entrypoint = [], command = [] } = (Bun.YAML.parse(await text("docker-compose.yml")) as Compose)
        .services.postgres ?? { command: [] };
      const given = [...entrypoint, ...command].map((word) =>
        word.replaceAll("$$", "$").replaceAll("/archive", archive),
      );
      const { exitCode, said } = run(given, root, { PATH: `${folder}:${process.env.PATH}` });
      expect([exitCode, said.trim().split("\n")]).toEqual([
        0,
        command.map((word) => word.replaceAll("/archive", archive)),
      ]);
      const wrote = run(["setpriv", "--reuid=postgres", "--clear-groups", "touch", join(archive, "0001")]);
      expect(wrote).toEqual({ exitCode: 0, said: "" });
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

const deploy = join(root, "apps/up/deploy");

test.skipIf(!program("promtool"))(
  "promtool reads the alert rules, and they wake somebody when they should",
  () => {
    expect(run(["promtool", "check", "rules", "alerts.yml"], deploy)).toMatchObject({ exitCode: 0 });
    expect(run(["promtool", "test", "rules", "alerts.test.yml"], deploy)).toMatchObject({ exitCode: 0 });
  },
  30_000,
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
