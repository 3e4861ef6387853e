/** `bun run deploy`: brings a production database to the present schema and gives the application its login. */
import { ensureLogin, migrate } from "@evx/db/migrate";

const admin = process.env.DATABASE_ADMIN_URL;
const password = process.env.APP_DB_PASSWORD;
if (!admin || !password) {
  console.error(
    "DATABASE_ADMIN_URL and APP_DB_PASSWORD must be set: where to migrate, and the password of the application's login evx_server.",
  );
  process.exit(1);
}
const { migrations, functions } = await migrate(admin);
const applied = [...migrations, ...functions.map((name) => `function ${name}`)];
await ensureLogin(admin, { user: "evx_server", password });
console.log(applied.length === 0 ? "The database is up to date." : `Applied: ${applied.join(", ")}`);
process.exit(0);
