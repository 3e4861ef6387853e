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

/** So often a start is tried, a second apart. */
const TRIES = 60;

/** Begins what needs the database, and waits for one that is away: whoever starts us started that too, or will. */
export const onceTheDatabaseAnswers = async <T>(
  begin: () => Promise<T>,
  log: { warn(fields: object, message: string): void },
): Promise<T> => {
  for (let tried = 1; ; tried++) {
    try {
      return await begin();
    } catch (error) {
      if (tried >= TRIES || !passingFault(error)) throw error;
      log.warn({ error }, "the database is away; the start is tried again");
      await Bun.sleep(1_000);
    }
  }
};

/** Runs a program; settings that cannot be used end it with the list of them, not with a stack. */
export const run = async (program: () => Promise<void>): Promise<never> => {
  try {
    await program();
    process.exit(0);
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : error);
    process.exit(1);
  }
};
