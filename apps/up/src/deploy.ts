/** `bun run deploy`: brings a production database to the present schema and gives server and worker their logins. */
import { ensureLogin, migrate } from "@evx/db/migrate";

const admin = process.env.DATABASE_ADMIN_URL;
const password = process.env.APP_DB_PASSWORD;
const workers = process.env.WORKER_DB_PASSWORD;
if (!admin || !password || !workers) {
  console.error(
    "DATABASE_ADMIN_URL, APP_DB_PASSWORD and WORKER_DB_PASSWORD must be set: where to migrate, and the passwords of the server's login evx_serve and the worker's evx_work.",
  );
  process.exit(1);
}
const { migrations, functions } = await migrate(admin);
const applied = [...migrations, ...functions.map((name) => `function ${name}`)];
await ensureLogin(admin, { user: "evx_serve", password, rights: "evx_serving" });
await ensureLogin(admin, { user: "evx_work", password: workers, rights: "evx_working" });
console.log(applied.length === 0 ? "The database is up to date." : `Applied: ${applied.join(", ")}`);
process.exit(0);
