/** A production on this machine: the commands that docker-compose.yml gives its containers, behind Debian's nginx. */
import { chmod, chown, copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningPostgres, startPostgres } from "@evx/db/embedded";
import { ensureDatabase } from "@evx/db/migrate";
import { freePorts } from "@evx/tooling/ports";

const root = join(import.meta.dir, "../../..");
export const nginx = Bun.which("nginx", { PATH: `${process.env.PATH}:/usr/sbin` });

type Service = { command: string[]; environment: Record<string, string> };
type Compose = { services: Record<string, Service> };

/** What the containers run and are told: from the file itself, with these settings put in. */
const composed = async (settings: Record<string, string>): Promise<Compose> => {
  const filled = (value: unknown): unknown =>
    typeof value === "string"
      ? value.replace(
          /\$\{(\w+)(?::-([^}]*))?\}/g,
          (_, name: string, otherwise = "") => settings[name] ?? otherwise,
        )
      : Array.isArray(value)
        ? value.map(filled)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filled(inner)]))
          : value;
  return filled(Bun.YAML.parse(await Bun.file(join(root, "docker-compose.yml")).text())) as Compose;
};

const random = () => crypto.getRandomValues(new Uint8Array(32)).toHex();

/** A password with every character that a URL would trip over. */
const awkward = () => `${random().slice(0, 12)}/@:?#%& '"`;

const secrets = () => ({
  AUTH_SECRET: random(),
  DATA_KEYS: random(),
  SIGNING_KEY: random(),
  LOG_KEY: random(),
  METRICS_TOKEN: random(),
  STRIPE_SECRET_KEY: `sk_live_${random()}`,
  STRIPE_WEBHOOK_SECRET: `whsec_${random()}`,
  POSTGRES_PASSWORD: awkward(),
  APP_DB_PASSWORD: awkward(),
  WORKER_DB_PASSWORD: awkward(),
  RATE_LIMIT_PER_MINUTE: "1000000",
  DRAIN_SECONDS: "4",
  PUBLIC_URL: "https://localhost",
  LOG_LEVEL: "error",
  SMTP_URL: "smtp://127.0.0.1:1",
});

type Child = Bun.Subprocess<"ignore", "inherit", "inherit">;

/** Containers run without root's rights; so do their commands here, if this is root. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

const ready = async (address: string, child: Child): Promise<void> => {
  const end = performance.now() + 90_000;
  while (performance.now() < end) {
    if (child.exitCode !== null)
      throw new Error(`It ended by itself (${child.exitCode}); the lines above say why`);
    const answer = await fetch(address, { tls: { rejectUnauthorized: false } }).catch(() => null);
    if (answer?.ok) return;
    await Bun.sleep(100);
  }
  throw new Error(`${address} did not become ready`);
};

/** nginx with the file that is shipped; only addresses, certificates and the bound on one address are this machine's. */
const startNginx = async (folder: string, port: number, servers: readonly number[]): Promise<Child> => {
  const tls = Bun.spawnSync(
    [
      "openssl",
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-subj",
      "/CN=localhost",
    ].concat(["-keyout", `${folder}/privkey.pem`, "-out", `${folder}/fullchain.pem`]),
  );
  if (tls.exitCode !== 0) throw new Error(tls.stderr.toString());
  const shipped = await Bun.file(join(root, "apps/up/deploy/nginx.conf")).text();
  const site = shipped
    .replace("server-1:3000", `127.0.0.1:${servers[0]}`)
    .replace("server-2:3000", `127.0.0.1:${servers[1]}`)
    .replace("listen 443", `listen 127.0.0.1:${port}`)
    .replace("listen 80;", `listen 127.0.0.1:${port + 1};`)
    .replaceAll("/etc/nginx/tls", folder)
    .replace("/var/log/nginx/access.log", `${folder}/access.log`)
    .replace("rate=50r/s", "rate=100000r/s");
  await Bun.write(join(folder, "site.conf"), site);
  await Bun.write(
    join(folder, "nginx.conf"),
    `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log warn; worker_processes 1;
events { worker_connections 1024; }
http { client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s; include ${folder}/site.conf; }\n`,
  );
  return Bun.spawn([nginx as string, "-c", join(folder, "nginx.conf"), "-e", join(folder, "error.log")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
};

export type Production = {
  readonly url: string;
  readonly folder: string;
  /** Ends a server or worker as compose does, and starts it again when it has ended. Answers its exit code. */
  restart(name: string): Promise<number>;
  stop(): Promise<void>;
};

/** Bun where nobody may read it, wherever the one of this machine lies. */
const readableBun = async (folder: string): Promise<string> => {
  const bun = join(folder, "bun");
  await copyFile(process.execPath, bun);
  await chmod(bun, 0o755);
  return bun;
};

/** Where the product keeps what it writes, its processes' own. */
const dataFolder = async (folder: string): Promise<string> => {
  const data = join(folder, "data");
  await mkdir(data);
  if (nobody.uid) await chown(data, nobody.uid, nobody.gid);
  return data;
};

/** Starts all of it: database, migrations, two servers, two workers, nginx. */
export const startProduction = async (): Promise<Production> => {
  const folder = await mkdtemp(join(tmpdir(), "evx-production-"));
  await chmod(folder, 0o755);
  const port = await freePorts(6);
  const settings: Record<string, string> = secrets();
  const { services } = await composed(settings);
  const postgres: RunningPostgres = await startPostgres({
    dataDir: join(folder, "postgres"),
    port: port + 5,
  });
  const admin = await ensureDatabase(postgres.url, "evx");
  const data = await dataFolder(folder);
  const bun = await readableBun(folder);

  const spawn = (name: string, more: Record<string, string>): Child => {
    const { command, environment } = services[name] as Service;
    const database = environment.DATABASE_URL?.replace("@postgres:5432", `@127.0.0.1:${port + 5}`);
    return Bun.spawn([bun, ...command.slice(1)], {
      cwd: root,
      env: {
        PATH: process.env.PATH ?? "",
        HOME: folder,
        ...environment,
        ...(database ? { DATABASE_URL: database } : {}),
        DATA_DIR: data,
        WEB_DIST: join(root, "apps/web/dist"),
        // Accounts can be used at once; everything else is as it is shipped.
        REQUIRE_VERIFIED_EMAIL: "0",
        REQUIRE_TWO_FACTOR: "0",
        TRUSTED_PROXIES: "127.0.0.1",
        ...more,
      },
      stdio: ["ignore", "inherit", "inherit"],
      ...nobody,
    });
  };
  const migrating = spawn("migrate", { DATABASE_ADMIN_URL: admin, DATABASE_ADMIN_PASSWORD: "" });
  if ((await migrating.exited) !== 0)
    throw new Error("The database could not be migrated; the lines above say why");

  const ports: Record<string, number> = { "server-1": port + 2, "server-2": port + 3 };
  const children = new Map<string, Child>();
  const start = async (name: string): Promise<void> => {
    const at = ports[name];
    const child = spawn(name, at ? { PORT: String(at), HOST: "127.0.0.1" } : {});
    children.set(name, child);
    if (at) await ready(`http://127.0.0.1:${at}/health/ready`, child);
  };
  for (const name of ["server-1", "server-2", "worker-1", "worker-2"]) await start(name);
  const front = await startNginx(folder, port, [port + 2, port + 3]);
  await ready(`https://localhost:${port}/health/live`, front);
  return {
    url: `https://localhost:${port}`,
    folder,
    async restart(name) {
      const child = children.get(name) as Child;
      child.kill("SIGTERM");
      const code = await child.exited;
      await start(name);
      return code;
    },
    async stop() {
      for (const child of [...children.values(), front]) child.kill("SIGTERM");
      await Promise.all([...children.values(), front].map(({ exited }) => exited));
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
