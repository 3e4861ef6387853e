import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The product under test: the one at BASE_URL, or one of our own, brought up by the launcher on free ports with data
 * of its own, which is thrown away afterwards.
 */
export const startProduct = async (): Promise<{ base: string; stop: () => Promise<void> }> => {
  const given = process.env.BASE_URL;
  if (given) return { base: given.replace(/\/$/, ""), stop: async () => {} };
  const data = mkdtempSync(join(tmpdir(), "evx-e2e-"));
  const port = freePorts(3);
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

/** The first of `count` neighbouring ports that are all free. */
const freePorts = (count: number): number => {
  for (let first = 42_000 + Math.floor(Math.random() * 10_000); ; first += count) {
    try {
      for (let port = first; port < first + count; port++)
        Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } }).stop(true);
      return first;
    } catch {
      // One of them is taken; try the next ones.
    }
  }
};
