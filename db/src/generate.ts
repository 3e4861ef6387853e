import { join } from "node:path";
import pg from "pg";
import { schemaDump } from "./schema-dump.ts";
import { tableTypes } from "./table-types.ts";
import { testDatabase } from "./testing.ts";

/** The generated files' texts, made from a database that has just been migrated. */
export const generate = async (): Promise<Map<string, string>> => {
  const database = await testDatabase();
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  try {
    await client.query("set search_path to ''");
    const read = async <T extends object>(query: string) => (await client.query<T>(query)).rows;
    return new Map([
      [join(import.meta.dir, "types.gen.ts"), await tableTypes(client)],
      [join(import.meta.dir, "../schema.sql"), await schemaDump(read)],
    ]);
  } finally {
    await client.end();
    await database.close();
  }
};

if (import.meta.main) {
  const check = Bun.argv.includes("--check");
  const stale: string[] = [];
  for (const [path, text] of await generate()) {
    const file = Bun.file(path);
    if ((await file.exists()) && (await file.text()) === text) continue;
    stale.push(path);
    if (!check) await Bun.write(file, text);
  }
  for (const path of stale) console.log(`${check ? "Stale" : "Written"}: ${path}`);
  if (check && stale.length > 0) {
    console.error('The migrations say something else. Run "bun run --cwd db generate" and commit the files.');
    process.exit(1);
  }
}
