import { resolve } from "node:path";
import type { PlopTypes } from "@turbo/gen";
import { newPage, newTable, write } from "../../packages/tooling/src/new.ts";

const root = resolve(process.cwd());

const named = (text: string): true | string => /^[a-z][a-z_]*$/.test(text) || "Small letters, one word";

const ask = (name: string, message: string, validate: (text: string) => true | string = named) => ({
  type: "input" as const,
  name,
  message,
  validate,
});

export default function generators(plop: PlopTypes.NodePlopAPI): void {
  plop.setGenerator("page", {
    description: "Words in two languages, page and route",
    prompts: [ask("area", "Name of its area"), ask("title", "Title", (text) => text !== "" || "A title")],
    actions: [(answers) => write(root, newPage(answers as { area: string; title: string }))],
  });
  plop.setGenerator("table", {
    description: "A forward-only migration; run `bun run --cwd db generate` after it",
    prompts: [
      ask("number", "Number in the room's range (0105)", (text) => /^\d{4}$/.test(text) || "Four digits"),
      ask("schema", "Schema"),
      ask("table", "Table"),
    ],
    actions: [
      (answers) => write(root, newTable(answers as { number: string; schema: string; table: string })),
    ],
  });
}
