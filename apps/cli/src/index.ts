/** `bun run cli`: the whole API as a typed command line. Answers are JSON on standard output. */
import { writeFileSync } from "node:fs";
import { readScriptSettings } from "@evx/runtime";
import { createCli } from "trpc-cli";
import { commandsFor } from "./commands.ts";
import { Failed } from "./failed.ts";
import { Download, openVenue } from "./venues.ts";

const settings = readScriptSettings();

const json = (value: unknown): string =>
  JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? inner.toString() : inner), 2);

const description = `EV Carbon Exchange from the command line. Answers are JSON.
A refusal is a sentence on standard error, and exit code 1.

EVX_URL, EVX_API_KEY  a running venue over HTTP, with the rights of the key
otherwise             the database itself, as its operator: DATABASE_URL,
                      or what "bun run up" runs in this checkout
                      (DATA_DIR, .data unless given);
                      EVX_AS=EMAIL acts as that person
`;

await createCli({
  router: commandsFor(() => openVenue(settings)),
  name: "cli",
  description,
  jsonInput: "auto",
}).run({
  logger: {
    // Help and messages of the parser come as text, answers as values.
    info: (value) => {
      if (value instanceof Download) writeFileSync(1, value.content);
      else console.log(typeof value === "string" ? value.trimEnd() : json(value));
    },
    error: (text) => console.error(String(text).trimEnd()),
  },
  formatError: (error) => {
    if (error instanceof Failed && error.answer !== undefined) console.log(json(error.answer));
    return error instanceof Error ? error.message : String(error);
  },
  prompts: false,
});
