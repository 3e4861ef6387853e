/** What `bun run new` makes: new files, and lines that go into files that are there. Pure, so that a test can try it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A text that goes into a file that is there: before a mark that stands in it once, after the first match, or at its end. */
type Line = { readonly file: string; readonly text: string } & (
  | { readonly before: string }
  | { readonly after: RegExp }
  | { readonly at: "end" }
);

export type Made = {
  readonly files: Readonly<Record<string, string>>;
  readonly lines: readonly Line[];
  /** Names that a file imports from a package, which its room then depends on. */
  readonly imports?: readonly { readonly file: string; readonly from: string; readonly names: string[] }[];
  /** What is left for whoever asked. */
  readonly next?: string;
};

const capital = (name: string): string => name.replace(/^./, (first) => first.toUpperCase());
/** `latestSale` as a file is called: `latest-sale`. */
const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
/** `latestSale` as a queue is called: `latest_sale`. */
const lined = (name: string): string => dashed(name).replaceAll("-", "_");

/** A page: words in two languages, the page, its route, and their lines in the lists of both. */
export const newPage = ({ area, title }: { area: string; title: string }): Made => {
  const web = "apps/web/src";
  return {
    files: {
      [`${web}/i18n/en/${area}.ts`]: `export default {\n  title: ${JSON.stringify(title)},\n  lead: "Say here in a sentence what the page is for.",\n} as const;\n`,
      [`${web}/i18n/vi/${area}.ts`]: `import type en from "../en/${area}.ts";\nimport type { Translation } from "../translation.ts";\n\nexport default {\n  title: ${JSON.stringify(title)},\n  lead: "Viết ở đây một câu: trang này dùng để làm gì.",\n} satisfies Translation<typeof en>;\n`,
      [`${web}/pages/${area}/page.tsx`]: `import { Card } from "@evx/ui";\nimport { Page } from "../../frame/page.tsx";\nimport { useText } from "../../i18n/index.ts";\n\nexport default function ${capital(area)}() {\n  const t = useText("${area}");\n  return (\n    <Page title={t("title")} lead={t("lead")}>\n      <Card>{t("title")}</Card>\n    </Page>\n  );\n}\n`,
      [`${web}/pages/${area}/routes.ts`]: `import { page } from "../../frame/route.tsx";\n\nexport const ${area}Routes = [page({ path: "/${area}", area: "${area}", load: () => import("./page.tsx") })];\n`,
    },
    lines: [
      {
        file: `${web}/i18n/areas.ts`,
        before: "};\n\nexport type AreaName",
        text: `  ${area}: area(\n    () => import("./en/${area}.ts"),\n    () => import("./vi/${area}.ts"),\n  ),\n`,
      },
      {
        file: `${web}/routes.ts`,
        before: "\n/** All pages, one line for each area.",
        text: `import { ${area}Routes } from "./pages/${area}/routes.ts";\n`,
      },
      { file: `${web}/routes.ts`, before: "  ...galleryRoutes,\n", text: `  ...${area}Routes,\n` },
    ],
  };
};

/** A table: the next free migration of the room's range, with its key, its moment and its grants. */
export const newTable = ({
  number,
  schema,
  table,
}: {
  number: string;
  schema: string;
  table: string;
}): Made => ({
  files: {
    [`db/migrations/${number}_${schema}_${table}.sql`]: `create table ${schema}.${table} (\n  id text primary key,\n  created_at timestamptz not null\n);\n\ngrant select, insert on ${schema}.${table} to evx_app;\n`,
  },
  lines: [],
});

const manifest = (room: string): string =>
  `${JSON.stringify(
    {
      name: `@evx/${room}`,
      version: "0.1.0",
      private: true,
      type: "module",
      exports: Object.fromEntries(
        ["", "schema", "errors", "router", "jobs", "events", "testing"].map((part) => [
          part ? `./${part}` : ".",
          `./src/${part || "index"}.ts`,
        ]),
      ),
      scripts: { types: "tsc --noEmit", test: "bun test" },
      dependencies: { "@evx/jobs": "workspace:*", "@evx/kernel": "workspace:*", "@evx/rpc": "workspace:*" },
      devDependencies: { "@evx/tooling": "workspace:*" },
    },
    null,
    2,
  )}\n`;

/** A room of a group: the shape that all rooms have, with nothing in it yet. `bun run new procedure` and `job` fill it. */
export const newRoom = ({ group, room }: { group: string; room: string }): Made => {
  const folder = `packages/${group}/${room}`;
  return {
    files: {
      [`${folder}/package.json`]: manifest(room),
      [`${folder}/tsconfig.json`]: `{\n  "extends": "@evx/tooling/tsconfig.base.json",\n  "include": ["src"]\n}\n`,
      [`${folder}/turbo.json`]: `{\n  "extends": ["//"],\n  "tags": ["${group}"]\n}\n`,
      [`${folder}/README.md`]: `# ${capital(room)}\n\nSay here in a sentence what the room is for.\n\n## Glossary\n\n- **Entry**: what the room keeps. _Avoid:_ record, item.\n\n## Invariants\n\n- Each with the test that fails when it is broken.\n\n## Decisions\n\n- Each with its date, and with what was rejected.\n`,
      [`${folder}/src/schema.ts`]:
        "/** What the room takes and answers; the browser reads it too. */\nexport {};\n",
      [`${folder}/src/errors.ts`]: `import { refusals } from "@evx/kernel";\n\nexport const refuse = refusals({\n  ${room}_not_found: {\n    kind: "not_found",\n    en: "There is no such entry, or it is not yours to see.",\n    vi: "Không có mục này, hoặc bạn không có quyền xem.",\n  },\n});\n`,
      [`${folder}/src/events.ts`]:
        "/** Nobody listens to this room: it ends chains of events. */\nexport {};\n",
      [`${folder}/src/jobs.ts`]: `import type { Handler } from "@evx/jobs";\n\n/** Everything this room does by itself. */\nexport const ${room}Jobs: readonly Handler[] = [];\n`,
      [`${folder}/src/router.ts`]: `import { router } from "@evx/rpc";\n\nexport const ${room}Router = router({});\n`,
      [`${folder}/src/testing.ts`]: "/** What tests of other rooms build of this one. */\nexport {};\n",
      [`${folder}/src/index.ts`]: "/** What other rooms may call. */\nexport {};\n",
    },
    lines: [],
    next: `bun install; then put ${room}Router and ${room}Jobs beside the others in packages/api, and the room into the README's drawing.`,
  };
};

/** The folder of a room's sources: `market/pricing` is `packages/market/pricing/src`. */
const sourcesOf = (room: string): string => `packages/${room}/src`;

/** A procedure for people who are signed in: schemas, verb, its line in the room's router, and a test. */
export const newProcedure = ({ room, name }: { room: string; name: string }): Made => {
  const src = sourcesOf(room);
  const [schema, file] = [capital(name), dashed(name)];
  return {
    files: {
      [`${src}/${file}.ts`]: `import type { Db } from "@evx/db";\nimport type * as v from "valibot";\nimport type * as S from "./schema.ts";\n\n/** Say here what it answers, in which units, and what it refuses. */\nexport const ${name} = async (\n  _db: Db,\n  { id }: v.InferOutput<typeof S.${schema}Input>,\n): Promise<v.InferInput<typeof S.${schema}>> => ({ id });\n`,
      [`${src}/${file}.test.ts`]: `import { afterAll, beforeAll, expect, test } from "bun:test";\nimport { type TestDatabase, testDatabase } from "@evx/db/testing";\nimport { ${name} } from "./${file}.ts";\n\nlet t: TestDatabase;\nbeforeAll(async () => {\n  t = await testDatabase();\n});\nafterAll(() => t.close());\n\ntest("it answers what it was asked for", async () => {\n  expect(await ${name}(t.db, { id: "one" })).toEqual({ id: "one" });\n});\n`,
    },
    lines: [
      {
        file: `${src}/schema.ts`,
        at: "end",
        text: `\nexport const ${schema}Input = v.object({ id: v.pipe(v.string(), v.maxLength(64)) });\nexport const ${schema} = v.object({ id: v.string() });\n`,
      },
      {
        file: `${src}/router.ts`,
        after: /\brouter\(\{/,
        text: `\n${name}: member.meta(told("Say here what it does")).input(S.${schema}Input).output(S.${schema}).query(({ ctx, input }) => ${name}(ctx.db, input)),\n`,
      },
    ],
    imports: [
      { file: `${src}/schema.ts`, from: "valibot", names: ["* as v"] },
      { file: `${src}/router.ts`, from: "@evx/rpc", names: ["member", "told"] },
      { file: `${src}/router.ts`, from: "./schema.ts", names: ["* as S"] },
      { file: `${src}/router.ts`, from: `./${file}.ts`, names: [name] },
      { file: `${src}/${file}.ts`, from: "@evx/db", names: [] },
    ],
    next: "bun install; then say who may call it: WRITE_TABLE=1 bun test src/authorization in packages/api, and read what it wrote.",
  };
};

/** A job: declared and handled in the room's `jobs.ts`, done by a verb, with a test that does it twice. */
export const newJob = ({ room, name }: { room: string; name: string }): Made => {
  const src = sourcesOf(room);
  const file = dashed(name);
  const queue = `${room.split("/").at(-1)}.${lined(name)}`;
  return {
    files: {
      [`${src}/${file}.ts`]: `import type { JobContext } from "@evx/jobs";\n\n/** Say here what it does. It may run twice, also beside itself, and must do its work once. */\nexport const ${name} = async (job: JobContext, { id }: { id: string }): Promise<void> => {\n  job.log.info({ id, requestId: job.requestId }, "${lined(name).replaceAll("_", " ")}");\n};\n`,
      [`${src}/${file}.test.ts`]: `import { afterAll, beforeAll, expect, test } from "bun:test";\nimport { type TestDatabase, testDatabase } from "@evx/db/testing";\nimport { enqueue, handle } from "@evx/jobs";\nimport { drain } from "@evx/jobs/testing";\nimport { ${name}Job } from "./jobs.ts";\nimport { ${name} } from "./${file}.ts";\n\nlet t: TestDatabase;\nbeforeAll(async () => {\n  t = await testDatabase();\n});\nafterAll(() => t.close());\n\ntest("what was asked for is done", async () => {\n  await t.transact((tx) => enqueue(tx, ${name}Job, { id: "one" }));\n  const handlers = [handle(${name}Job, ${name})];\n  expect(await drain(t, handlers, { twice: true })).toEqual([{ queue: "${queue}", payload: { id: "one" } }]);\n});\n`,
    },
    lines: [
      {
        file: `${src}/jobs.ts`,
        after: /\bexport const \w*Jobs\b[\s\S]*?=>? \[/,
        text: `\n  handle(${name}Job, ${name}),\n`,
      },
      {
        file: `${src}/jobs.ts`,
        after: /^(?:import[\s\S]*? from "[^"]+";\n)+/m,
        text: `\n/** Say here what it does. */\nexport const ${name}Job = defineJob("${queue}", v.object({ id: v.string() }));\n`,
      },
    ],
    imports: [
      { file: `${src}/jobs.ts`, from: "@evx/jobs", names: ["defineJob", "handle"] },
      { file: `${src}/jobs.ts`, from: "valibot", names: ["* as v"] },
      { file: `${src}/jobs.ts`, from: `./${file}.ts`, names: [name] },
      { file: `${src}/${file}.test.ts`, from: "@evx/db", names: [] },
    ],
    next: "bun install; whoever has work for it calls enqueue in the transaction that makes the work.",
  };
};

/** The text with a line in its place. */
const placed = (old: string, line: Line): string => {
  if ("at" in line) return old + line.text;
  if ("before" in line) {
    if (old.split(line.before).length !== 2)
      throw new Error(`${line.file} has no single place for a new line.`);
    return old.replace(line.before, () => line.text + line.before);
  }
  if (!line.after.test(old)) throw new Error(`${line.file} has no place for a new line.`);
  return old.replace(line.after, (found) => found + line.text);
};

/** The text with names imported from a package: those that it imports already stay as they are. */
const importing = (old: string, from: string, names: readonly string[]): string => {
  const pattern = `import (type )?(\\{[^}]*\\}|\\* as \\w+) from "${from.replaceAll(".", "\\.")}";\n`;
  const [found, isType, clause = ""] = new RegExp(pattern).exec(old) ?? [];
  const had = clause
    .replace(/[{}]/g, "")
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  const lacking = names.filter((name) => isType || !had.includes(name));
  if (lacking.length === 0) return old;
  const all = [...had.map((name) => (isType ? `type ${name}` : name)), ...lacking];
  const line = `import ${names[0]?.startsWith("*") ? names[0] : `{ ${all.join(", ")} }`} from "${from}";\n`;
  return found ? old.replace(found, () => line) : line + old;
};

/** A room's package.json with a package among its dependencies, in the version that the API's package has. */
const depending = (old: string, from: string, api: string): string => {
  const all = JSON.parse(old);
  if (all.dependencies[from]) return old;
  const entries = Object.entries({ ...all.dependencies, [from]: JSON.parse(api).dependencies[from] });
  all.dependencies = Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
  return `${JSON.stringify(all, null, 2)}\n`;
};

/** The texts of all files that it makes or changes. Nothing is written: one that has no place for a line throws. */
const textsOf = (root: string, { files, lines, imports = [] }: Made): Map<string, string> => {
  const texts = new Map(Object.entries(files));
  const read = (file: string) => texts.get(file) ?? readFileSync(join(root, file), "utf8");
  for (const line of lines) texts.set(line.file, placed(read(line.file), line));
  for (const { file, from, names } of imports) {
    texts.set(file, importing(read(file), from, names));
    if (from.startsWith(".")) continue;
    const manifest = `${file.split("/src/")[0]}/package.json`;
    texts.set(manifest, depending(read(manifest), from, read("packages/api/package.json")));
  }
  return texts;
};

/** Writes it below `root`; what is there already is never overwritten. Answers the files, one a line. */
export const write = (root: string, made: Made): string => {
  const texts = textsOf(root, made);
  for (const file of Object.keys(made.files))
    if (existsSync(join(root, file))) throw new Error(`EEXIST: ${file} is there already.`);
  for (const [file, text] of texts) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const touched = [...texts.keys()];
  // Imports go where their names belong.
  const styled = touched.filter((file) => /\.(tsx?|json)$/.test(file));
  if (styled.length > 0)
    execFileSync(join(root, "node_modules/.bin/biome"), ["check", "--write", ...styled], {
      cwd: root,
      stdio: "ignore",
    });
  return [...touched, ...(made.next ? [`Next: ${made.next}`] : [])].join("\n");
};
