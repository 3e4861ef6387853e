import type { Subprocess } from "bun";

/**
 * Children live as long as the pipe to their standard input is open. When the launcher dies, however it dies, the pipe
 * closes and they end: no server is left behind to hold a port.
 */
export type Child = {
  readonly name: string;
  readonly process: Subprocess<"pipe", "inherit" | "ignore", "inherit">;
  expected: boolean;
};

export const startChild = (
  name: string,
  root: string,
  args: string[],
  env: Record<string, string>,
  quiet: boolean,
): Child => ({
  name,
  expected: false,
  process: Bun.spawn([process.execPath, ...args], {
    cwd: root,
    stdin: "pipe",
    stdout: quiet ? "ignore" : "inherit",
    stderr: "inherit",
    env: { ...process.env, ...env, EVX_PARENT_PIPE: "1" },
  }),
});

/** Asks all to end, waits, and ends by force whoever does not. */
export const stopChildren = async (children: readonly Child[]): Promise<void> => {
  for (const child of children) {
    child.expected = true;
    child.process.kill("SIGTERM");
  }
  const gone = Promise.all(children.map((child) => child.process.exited));
  await Promise.race([gone, Bun.sleep(10_000)]);
  for (const child of children)
    if (child.process.exitCode === null && !child.process.killed) child.process.kill("SIGKILL");
  await gone;
};
