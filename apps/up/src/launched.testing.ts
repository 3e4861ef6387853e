/** The launcher's programs as a person starts them from a shell, for tests. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openFolder } from "@evx/tooling/folders";
import { freePorts } from "@evx/tooling/ports";

const root = join(import.meta.dir, "../../..");

export type Launched = { child: Bun.Subprocess<"ignore", "pipe", "pipe">; said: () => string };

/** A place for one of them: so many ports that are free, a folder for its data, and what ends all that was started in it. */
export const launchPlace = async (program: string, ports: number) => {
  const port = await freePorts(ports);
  const dataDir = openFolder(`evx-${program.replace(/\W/g, "-")}-`);
  const running = new Set<Bun.Subprocess>();
  return {
    port,
    dataDir,
    launch: (env: Record<string, string> = {}, flags: string[] = []): Launched => {
      const child = Bun.spawn([process.execPath, `apps/up/src/${program}`, ...flags], {
        cwd: root,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...process.env,
          NODE_ENV: "development",
          PORT: String(port),
          DATA_DIR: dataDir,
          DATABASE_URL: "",
          ...env,
        },
      });
      running.add(child);
      void child.exited.then(() => running.delete(child));
      let text = "";
      const collect = async (stream: ReadableStream<Uint8Array>) => {
        for await (const chunk of stream) text += new TextDecoder().decode(chunk);
      };
      void collect(child.stdout);
      void collect(child.stderr);
      return { child, said: () => text };
    },
    async end(): Promise<void> {
      for (const child of running) child.kill("SIGINT");
      await Promise.all([...running].map(({ exited }) => exited));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
