import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePorts } from "@evx/tooling/ports";

const root = resolve(import.meta.dir, "../../..");

/** Seconds of each step, as `up` says them, and of the whole. */
type Started = { seconds: number; steps: string[] };

/** Starts the product in a data folder, waits until it is usable, and stops it. */
const start = async (dataDir: string, port: number): Promise<Started> => {
  const begun = performance.now();
  const child = Bun.spawn([process.execPath, "apps/up/src/up.ts"], {
    cwd: root,
    env: {
      ...process.env,
      PORT: String(port),
      DATA_DIR: dataDir,
      DATABASE_URL: "",
      DEMO_WORLD: "",
      NODE_ENV: "",
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const decoder = new TextDecoder();
  let said = "";
  let seconds = 0;
  for await (const chunk of child.stdout) {
    said += decoder.decode(chunk, { stream: true });
    if (seconds === 0 && said.includes("is up and healthy")) {
      seconds = (performance.now() - begun) / 1_000;
      child.kill("SIGINT");
    }
  }
  await child.exited;
  if (seconds === 0) throw new Error(`The product did not start:\n${said}`);
  const steps = [...said.matchAll(/✓ (.+?) {2,}([\d.]+) s/g)].map(([, name, took]) => `${name} ${took} s`);
  return { seconds, steps };
};

/** From installed to usable: with nothing but the dependencies, and again with all of it there. */
export default async (print: (line: string) => void): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), "evx-up-bench-"));
  const port = await freePorts(5);
  try {
    // Without its mark the web app is built anew, as after a checkout.
    rmSync(join(root, "apps/web/dist/.sources"), { force: true });
    for (const [name, most] of [
      ["cold", 15],
      ["warm", 3],
    ] as const) {
      const { seconds, steps } = await start(dataDir, port);
      print(`up: ${name}, ${seconds.toFixed(1)} s, ${most} s (goal 1) ratio=${(seconds / most).toFixed(2)}`);
      print(`up ${name}: ${steps.join("; ")}`);
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
};
