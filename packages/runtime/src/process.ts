import { passingFault } from "@evx/rpc";
import { ConfigError } from "./config.ts";

/**
 * Resolves when the process is told to end: by a signal, or by the launcher's pipe closing, which happens even when the
 * launcher is killed. A process started by hand has no such pipe and heeds signals only.
 */
export const untilTold = (env: Record<string, string | undefined> = process.env): Promise<void> =>
  new Promise((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
    if (!env.EVX_PARENT_PIPE) return;
    process.stdin.once("end", resolve);
    process.stdin.once("close", resolve);
    process.stdin.resume();
  });

/**
 * A statement that nobody waits for, in a library of ours or theirs, must not end the process when the database dies:
 * what passes is written down. Any other failure that nobody caught is a bug and ends it, as without this.
 */
const outliveTheDatabase = (): void => {
  process.on("unhandledRejection", (error) => {
    console.error(error);
    if (!passingFault(error)) process.exit(1);
  });
};

/** Runs a program; settings that cannot be used end it with the list of them, not with a stack. */
export const run = async (program: () => Promise<void>): Promise<never> => {
  outliveTheDatabase();
  try {
    await program();
    process.exit(0);
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : error);
    process.exit(1);
  }
};
