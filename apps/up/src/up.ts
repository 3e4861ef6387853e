/**
 * `bun run up`: the product from nothing, in one command. Until dependencies are installed this file may use
 * nothing but Bun itself; the rest is in launch.ts.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { demoWorld, worlds } from "./demo.ts";
import { createProgress, fail } from "./progress.ts";

const root = resolve(import.meta.dir, "../../..");
const flags = new Set(process.argv.slice(2));
const known = ["--reset", "--quiet", "--help"];
const unknown = [...flags].filter((flag) => !known.includes(flag));

if (flags.has("--help") || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no option ${unknown.join(" ")}.\n`);
  console.log(`Usage: bun run up [--reset] [--quiet]

  --reset   throws away the data of the embedded database and starts anew
  --quiet   says only when it is healthy, and what went wrong

  PORT=3000                   the web and the API; the gateways' emulator and the database take the next two
  DATA_DIR=.data              where the embedded database keeps its files
  DEMO_WORLD=street           a small world: a few people, and the least of everything
  DATABASE_URL=postgres://…   use this PostgreSQL instead of the embedded one
  RATE_LIMIT_PER_MINUTE=100   requests a minute for each client`);
  process.exit(unknown.length > 0 ? 2 : 0);
}

if (process.env.NODE_ENV === "production")
  fail(
    "NODE_ENV is production, and this command lays out a world for development, with people whose passwords are published. Nothing was started or stored. In production: bun run deploy, then apps/server and apps/worker (docker-compose.yml shows how); for development leave NODE_ENV out.",
  );

const portText = process.env.PORT || "3000";
const port = Number(portText);
if (!Number.isInteger(port) || port < 1 || port > 65_533)
  fail(`PORT must be a whole number from 1 to 65533, not "${portText}".`);

if (demoWorld() === null)
  fail(
    `DEMO_WORLD is ${worlds.join(" or ")}, not "${process.env.DEMO_WORLD}". Nothing was started or stored.`,
  );

const dataDir = resolve(root, process.env.DATA_DIR || ".data");
const progress = createProgress(flags.has("--quiet"));

/** Installs what bun.lock names, unless that very lock was installed already. */
const install = async (): Promise<void> => {
  const lock = new Bun.CryptoHasher("sha256").update(readFileSync(join(root, "bun.lock"))).digest("hex");
  const marker = join(root, "node_modules/.evx-installed");
  if (existsSync(marker) && readFileSync(marker, "utf8") === lock) return;
  const child = Bun.spawn([process.execPath, "install", "--frozen-lockfile"], {
    cwd: root,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const said = (await new Response(child.stdout).text()) + (await new Response(child.stderr).text());
  if ((await child.exited) !== 0) {
    if (/ENOSPC|no space left/i.test(said))
      fail(
        "The dependencies could not be installed: no space is left on the disk. Free some and run it again.",
      );
    if (/Connection|ENOTFOUND|ECONNREFUSED|timed? ?out|FailedToOpenSocket|DNS/i.test(said))
      fail(
        "The dependencies could not be installed: the npm registry cannot be reached. Check the network and run it again.",
      );
    fail(`The dependencies could not be installed:\n${said.trim().split("\n").slice(-8).join("\n")}`);
  }
  writeFileSync(marker, lock);
};

try {
  mkdirSync(dataDir, { recursive: true });
} catch (error) {
  fail(
    `The data folder ${dataDir} cannot be made: ${(error as Error).message}. Set DATA_DIR to a folder that you may write to.`,
  );
}

await progress.step("Dependencies", install);
const { launch } = await import("./launch.ts");
await launch({ root, port, dataDir, reset: flags.has("--reset"), progress });
