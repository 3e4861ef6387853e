/**
 * `here.ts FILE`: runs one program of the house in this process, with the settings of the world that `up` or `dev` runs
 * in this checkout, so that a debugger's breakpoints are met. `here.ts apps/server/src/index.ts`
 */
import { resolve } from "node:path";
import { worldHere } from "./environment.ts";

const root = resolve(import.meta.dir, "../../..");
const file = process.argv[2];
if (!file) {
  console.error("Usage: here.ts FILE");
  process.exit(2);
}
const settings = await worldHere(root);
if (!settings.DATABASE_URL) {
  console.error("No database runs in this checkout. Start `bun run dev` beside this.");
  process.exit(1);
}
// A port of its own, beside the running server's.
const { PORT = settings.PORT } = process.env;
Object.assign(process.env, settings, { PORT });
await import(resolve(root, file));
