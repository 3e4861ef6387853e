import { existsSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFolder } from "@evx/tooling/folders";
import { freePorts } from "@evx/tooling/ports";

type Product = {
  base: string;
  /** Runs statements on its database, for what cannot be brought about from outside; null for a product that was given. */
  statements: ((text: string) => void) | null;
  stop: () => Promise<void>;
};

const root = join(import.meta.dir, "../../..");

/** As `bun run db --write -c` does for the world of that folder. */
const statementsOn = (data: string, port: number) => (text: string) => {
  const ran = Bun.spawnSync([process.execPath, "apps/up/src/shell.ts", "--write", "-c", text], {
    cwd: root,
    env: { ...process.env, PORT: String(port), DATA_DIR: data },
  });
  if (!ran.success) throw new Error(`${ran.stdout}${ran.stderr}`);
};

/** Brings the launcher up on free ports with the data of that folder, new or left by an earlier run. */
const launch = async (data: string): Promise<Product> => {
  const port = await freePorts(3);
  const child = Bun.spawn([process.execPath, "apps/up/src/up.ts"], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: "development",
      PORT: String(port),
      DATA_DIR: data,
      RATE_LIMIT_PER_MINUTE: "1000000",
      DEMO_WORLD: "street",
    },
    stdout: "ignore",
    stderr: "inherit",
  });
  const base = `http://localhost:${port}`;
  const end = performance.now() + 120_000;
  for (;;) {
    const well = await fetch(`${base}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (well) break;
    if (child.exitCode !== null || performance.now() > end) throw new Error("the product did not come up");
    await Bun.sleep(200);
  }
  return {
    base,
    statements: statementsOn(data, port),
    stop: async () => {
      child.kill("SIGINT");
      await Promise.race([child.exited, Bun.sleep(10_000)]);
    },
  };
};

/** Where a run keeps the demo world at rest; `world.ts` throws it away when the last file is done. */
export const restingWorld = join(tmpdir(), `evx-e2e-world-${process.pid}`);

/**
 * A folder with a demo world of its own, as `up` lays it out: the first file of a run lets it be made, and those after
 * it copy it, so that none of them waits for it again.
 */
const ownWorld = async (): Promise<string> => {
  if (!existsSync(restingWorld)) {
    const made = openFolder("evx-e2e-");
    const product = await launch(made);
    await product.stop();
    renameSync(made, restingWorld);
  }
  const own = openFolder("evx-e2e-");
  // With owners and rights: the cluster belongs to who runs the database.
  const copied = Bun.spawnSync(["cp", "-a", `${restingWorld}/.`, own]);
  if (!copied.success) throw new Error(`The demo world was not copied: ${copied.stderr}`);
  return own;
};

/** The product under test: the one at BASE_URL, or one of our own with data of its own, thrown away afterwards. */
export const startProduct = async (): Promise<Product> => {
  const given = process.env.BASE_URL;
  if (given) return { base: given.replace(/\/$/, ""), statements: null, stop: async () => {} };
  const data = await ownWorld();
  const { base, statements, stop } = await launch(data);
  return {
    base,
    statements,
    stop: async () => {
      await stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
};
