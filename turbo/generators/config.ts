import { resolve } from "node:path";
import type { PlopTypes } from "@turbo/gen";
import { newJob, newPage, newProcedure, newRoom, newTable, write } from "../../packages/tooling/src/new.ts";

const root = resolve(process.cwd());

const named = (text: string): true | string => /^[a-z][a-z_]*$/.test(text) || "Small letters, one word";

const ask = (name: string, message: string, validate: (text: string) => true | string = named) => ({
  type: "input" as const,
  name,
  message,
  validate,
});

const isRoom = (text: string): true | string =>
  /^[a-z]+\/[a-z]+$/.test(text) || "Group and room: market/pricing";
const isVerb = (text: string): true | string =>
  /^[a-z][a-zA-Z]*$/.test(text) || "Letters only, a small one first: latestSale";
const isWord = (text: string): true | string => /^[a-z]+$/.test(text) || "Small letters, one word";

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
  plop.setGenerator("room", {
    description: "A room of a group, in the shape that all rooms have",
    prompts: [
      {
        type: "list" as const,
        name: "group",
        message: "Group",
        choices: ["people", "fleet", "money", "carbon", "market", "readers"],
      },
      ask("room", "Room", isWord),
    ],
    actions: [(answers) => write(root, newRoom(answers as { group: string; room: string }))],
  });
  plop.setGenerator("procedure", {
    description: "A procedure of a room: schemas, verb, line in the router, test",
    prompts: [ask("room", "Room (market/pricing)", isRoom), ask("name", "Name (latestSale)", isVerb)],
    actions: [(answers) => write(root, newProcedure(answers as { room: string; name: string }))],
  });
  plop.setGenerator("job", {
    description: "A job of a room: declared and handled in its jobs.ts, verb, test",
    prompts: [ask("room", "Room (market/pricing)", isRoom), ask("name", "Name (noteSale)", isVerb)],
    actions: [(answers) => write(root, newJob(answers as { room: string; name: string }))],
  });
}
