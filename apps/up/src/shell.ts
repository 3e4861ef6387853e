/** `bun run db`: a shell on the database of the world that `up` or `dev` runs in this checkout, without psql. */
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { openShell, type Shell, StatementError, shellHelp } from "@evx/db/shell";
import { worldHere } from "./environment.ts";

const usage = `Usage: bun run db [--write] [-c STATEMENTS]

  -c STATEMENTS   runs them, prints their rows, and ends; exit code 1 when one fails
  --write         lets statements change what the role may change; otherwise all is only read

  DATABASE_URL=postgres://…   another database than that of DATA_DIR (.data)

${shellHelp}`;

const options = () => {
  try {
    return parseArgs({
      args: process.argv.slice(2),
      options: {
        command: { type: "string", short: "c" },
        write: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return process.exit(2);
  }
};

/** Reads lines until the end of input or `\q`. Ctrl-C forgets what was begun, or breaks off what runs. */
const converse = async (shell: Shell): Promise<void> => {
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: process.stdin.isTTY,
  });
  const prompt = () => {
    // Piped input shows no prompt, and may have ended while its lines are still being answered.
    if (!process.stdin.isTTY) return;
    lines.setPrompt(shell.isPending() ? "evx-> " : "evx=> ");
    lines.prompt();
  };
  lines.on("SIGINT", () => {
    void shell.cancel().then(() => {
      console.log("^C");
      prompt();
    });
  });
  prompt();
  for await (const line of lines) {
    const said = await shell.line(line).catch((error: unknown) => {
      if (error instanceof StatementError) return error.message;
      throw error;
    });
    if (said === null) break;
    if (said) console.log(said);
    prompt();
  }
  lines.close();
};

const { command, write, help } = options();
if (help) {
  console.log(usage);
  process.exit(0);
}
const { DATABASE_URL } = await worldHere(resolve(import.meta.dir, "../../.."));
if (!DATABASE_URL) {
  console.error(
    "No database runs in this checkout. Start `bun run up` or `bun run dev`, or set DATABASE_URL.",
  );
  process.exit(1);
}
try {
  const shell = await openShell(DATABASE_URL, { write });
  if (command !== undefined) console.log(await shell.run(command));
  else {
    if (process.stdin.isTTY)
      console.log(
        `${write ? "You may change rows." : "Read only; --write changes that."} \\? helps, \\q ends.`,
      );
    await converse(shell);
  }
  await shell.close();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
