import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "@evx/tooling/ports";

/**
 * The product under test: the one at BASE_URL, or one of our own, brought up by the launcher on free ports with data
 * of its own, which is thrown away afterwards.
 */
export const startProduct = async (): Promise<{ base: string; stop: () => Promise<void> }> => {
  const given = process.env.BASE_URL;
  if (given) return { base: given.replace(/\/$/, ""), stop: async () => {} };
  const data = mkdtempSync(join(tmpdir(), "evx-e2e-"));
  const port = await freePorts(3);
  const child = Bun.spawn([process.execPath, "apps/up/src/up.ts"], {
    cwd: join(import.meta.dir, "../../.."),
    env: {
      ...process.env,
      NODE_ENV: "development",
      PORT: String(port),
      DATA_DIR: data,
      RATE_LIMIT_PER_MINUTE: "1000000",
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
    stop: async () => {
      child.kill("SIGINT");
      await Promise.race([child.exited, Bun.sleep(10_000)]);
      rmSync(data, { recursive: true, force: true });
    },
  };
};
