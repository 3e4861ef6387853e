/** `bun run deploy`: brings a production database to the present schema and gives server and worker their logins. */
import { ensureLogin, migrate } from "@evx/db/migrate";

/** The owner's address; its password may be given beside it, with any character in it. */
const adminUrl = (): string | undefined => {
  const { DATABASE_ADMIN_URL: address, DATABASE_ADMIN_PASSWORD: password } = process.env;
  if (!address || !password) return address;
  const url = new URL(address);
  url.password = encodeURIComponent(password);
  return url.href;
};

/** A database that is only starting is waited for: compose starts everything at once. */
const patience_ms = 60_000;
const reachable = async (url: string): Promise<void> => {
  const { hostname, port } = new URL(url);
  const end = performance.now() + patience_ms;
  while (performance.now() < end) {
    const open = await Bun.connect({ hostname, port: Number(port || 5432), socket: { data() {} } }).catch(
      () => null,
    );
    if (open) return void open.end();
    await Bun.sleep(500);
  }
};

const admin = adminUrl();
const password = process.env.APP_DB_PASSWORD;
const workers = process.env.WORKER_DB_PASSWORD;
if (!admin || !password || !workers) {
  console.error(
    "DATABASE_ADMIN_URL, APP_DB_PASSWORD and WORKER_DB_PASSWORD must be set: where to migrate, and the passwords of the server's login evx_serve and the worker's evx_work.",
  );
  process.exit(1);
}
await reachable(admin);
const { migrations, functions } = await migrate(admin);
const applied = [...migrations, ...functions.map((name) => `function ${name}`)];
await ensureLogin(admin, { user: "evx_serve", password, rights: "evx_serving" });
await ensureLogin(admin, { user: "evx_work", password: workers, rights: "evx_working" });
console.log(applied.length === 0 ? "The database is up to date." : `Applied: ${applied.join(", ")}`);
process.exit(0);
