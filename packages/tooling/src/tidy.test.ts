/** House rules that neither the compiler nor the linter sees. Each test names the files that break its rule. */
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { domains, floors, packages, root } from "./rooms.ts";
import { code, files, isTest, text } from "./sources.ts";

const breaking = (pattern: RegExp, allowed: (file: string) => boolean): string[] =>
  files.filter((file) => !allowed(file) && pattern.test(code(file)));

describe("where things are done", () => {
  test("SQL is built only in queries, migrations, seeds and tests", () => {
    const builds = /\bsql`|\bsql<|\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(/;
    const mayBuild = (file: string) =>
      file.startsWith("db/") ||
      /\/queries(\/|\.ts$)/.test(file) ||
      isTest(file) ||
      file.includes("packages/tooling/");
    expect(breaking(builds, mayBuild)).toEqual([]);
  });

  test("a table is touched by the queries of one room only", () => {
    const owners = new Map<string, Set<string>>();
    const schemas =
      /\b(?:from|into|update|join|Table|From|Into|Join)\(?\s*["`]?((?:identity|vehicles|credits|verification|payments|marketplace|pricing|notifications|reports|ledger|jobs|rules|rpc)\.[a-z_]+)\b/g;
    for (const file of files.filter((name) => /^packages\/.*\/queries(\/|\.ts$)/.test(name)))
      for (const [, table] of code(file).matchAll(schemas)) {
        const rooms = owners.get(table as string) ?? new Set();
        owners.set(table as string, rooms.add(file.split("/src/")[0] as string));
      }
    expect(
      [...owners].filter(([, rooms]) => rooms.size > 1).map(([table, rooms]) => [table, ...rooms]),
    ).toEqual([]);
  });

  test("the environment is read only at the edges: runtime, launcher, tools", () => {
    const edges =
      /^(packages\/runtime|packages\/tooling|apps\/up|apps\/gateways|apps\/trials|apps\/web\/(vite\.config|build|scripts)|db)\b/;
    expect(
      breaking(
        /process\.env|Bun\.env|import\.meta\.env\.(?!DEV|PROD|MODE)/,
        (file) => edges.test(file) || isTest(file),
      ),
    ).toEqual([]);
  });

  test("the machine's clock is read only by the kernel", () => {
    const reads = /\bnew Date\(\)|\bDate\.now\(\)/;
    const edges =
      /^(packages\/ground\/(kernel|proof)\/src\/clock\.ts|packages\/tooling|apps\/(up|gateways|trials|web)|db\/)/;
    expect(breaking(reads, (file) => edges.test(file) || isTest(file))).toEqual([]);
  });

  test("TRPCError is thrown only by rpc and the REST view: rooms refuse", () => {
    expect(
      breaking(
        /\bTRPCError\b/,
        (file) => /^packages\/(ground\/rpc|api)\//.test(file) || file.endsWith("tidy.test.ts"),
      ),
    ).toEqual([]);
  });

  test("the web imports the API as a type only", () => {
    const values = /^import (?!type)[^;]*from "@evx\/(api|db|runtime|[a-z]+\/router|[a-z]+\/jobs)"/m;
    expect(
      files.filter((file) => file.startsWith("apps/web/src") && !isTest(file) && values.test(code(file))),
    ).toEqual([]);
  });
});

describe("how things are written", () => {
  test("nothing is cast to any and no check is silenced", () => {
    expect(
      breaking(/\bas any\b|@ts-ignore|@ts-nocheck|biome-ignore/, (file) => file.endsWith("tidy.test.ts")),
    ).toEqual([]);
  });

  test("no file is longer than 400 lines", () => {
    expect(files.filter((file) => text(file).split("\n").length > 401)).toEqual([]);
  });

  test("no room has more than about 4,000 lines of code: one subject fits", () => {
    const linesOf = (file: string) => code(file).match(/^.*\S.*$/gm)?.length ?? 0;
    const product = files.filter((file) => !isTest(file));
    const sizes = packages
      .filter(({ folder }) => folder.startsWith("packages/"))
      .map(({ folder }) => [
        folder,
        product.filter((file) => file.startsWith(`${folder}/`)).reduce((sum, file) => sum + linesOf(file), 0),
      ])
      .filter(([, lines]) => (lines as number) > 4_100);
    expect(sizes).toEqual([]);
  });

  test("no file escapes the check of types: each room's is part of the one program, or of the browser's two", () => {
    const inHouse = /^(apps\/[^/]+|db|packages\/[^/]+(\/[^/]+)?)\/(src|bench|examples)\//;
    const inBrowser = /^apps\/web\/(e2e\/|(vite\.config|build|guide)\.ts)/;
    expect(files.filter((file) => !inHouse.test(file) && !inBrowser.test(file))).toEqual([]);
    const narrowed = packages.filter(({ folder }) => {
      const settings = text(`${folder}/tsconfig.json`);
      return /compilerOptions|exclude/.test(settings) && folder !== "packages/tooling";
    });
    expect(narrowed.map(({ folder }) => folder)).toEqual([]);
  });

  test("no test is skipped or narrowed without saying why it cannot run", () => {
    expect(
      breaking(/\b(test|it|describe)\.(only|todo|skip)\(/, (file) => file.endsWith("tidy.test.ts")),
    ).toEqual([]);
  });
});

describe("who may lean on whom", () => {
  const floorOf = (group: string): number => floors.findIndex((groups) => groups.includes(group));

  for (const room of packages.filter(({ group }) => floorOf(group) >= 0)) {
    test(`${room.name} declares no room above or beside its group`, () => {
      const { dependencies = {} } = JSON.parse(text(`${room.folder}/package.json`));
      const declared = Object.keys(dependencies).filter((dep) => dep.startsWith("@evx/"));
      const above = declared.filter((dep) => {
        const other = packages.find(({ name }) => `@evx/${name}` === dep);
        return !(other && (other.group === room.group || floorOf(other.group) < floorOf(room.group)));
      });
      // The kernel is below all, also below the database's package.
      expect(above.filter((dep) => !(room.group === "db" && dep === "@evx/kernel"))).toEqual([]);
    });
  }

  test("no rooms lean on each other in a circle", () => {
    const leans = new Map(
      packages.map(({ name, folder }) => [
        name,
        Object.keys(JSON.parse(text(`${folder}/package.json`)).dependencies ?? {})
          .filter((dep) => dep.startsWith("@evx/"))
          .map((dep) => dep.slice("@evx/".length)),
      ]),
    );
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (name: string, path: readonly string[]): void => {
      if (path.includes(name)) circles.push([...path.slice(path.indexOf(name)), name].join(" → "));
      if (path.includes(name) || done.has(name)) return;
      for (const next of leans.get(name) ?? []) visit(next, [...path, name]);
      done.add(name);
    };
    for (const name of leans.keys()) visit(name, []);
    expect(circles).toEqual([]);
  });

  test("notifications and reports use of other domains their events, schemas and read verbs only", () => {
    const others = domains.filter(({ group }) => group !== "readers").map(({ name }) => name);
    const reaches = new RegExp(`from "@evx/(?:${others.join("|")})/(?!events|schema|errors)[a-z]+"`);
    expect(
      files.filter((file) => /^packages\/readers\//.test(file) && !isTest(file) && reaches.test(code(file))),
    ).toEqual([]);
  });
});

describe("what a stranger finds", () => {
  test("each package has a README; each domain's has a glossary with an Avoid line", () => {
    expect(packages.filter(({ folder }) => !existsSync(join(root, folder, "README.md")))).toEqual([]);
    expect(domains.filter(({ folder }) => !/[*_]Avoid:?[*_]/i.test(text(`${folder}/README.md`)))).toEqual([]);
  });

  test("each domain has the same files", () => {
    const shape = ["schema", "errors", "router", "testing", "index"];
    const missing = domains
      .flatMap(({ folder }) => shape.map((file) => `${folder}/src/${file}.ts`))
      .filter((file) => !existsSync(join(root, file)));
    expect(missing).toEqual([]);
  });

  test("a refusal's code is said by one room only, in both languages", async () => {
    const seen = new Map<string, string>();
    for (const file of files.filter((name) => /^packages\/[a-z/]+\/src\/errors\.ts$/.test(name))) {
      const { refuse } = (await import(join(root, file))) as {
        refuse?: { all: Record<string, { en: string; vi: string }> };
      };
      for (const [name, { en, vi }] of Object.entries(refuse?.all ?? {})) {
        expect(seen.has(name) ? `${name}: ${seen.get(name)} and ${file}` : "").toBe("");
        seen.set(name, file);
        expect(`${name}: ${en.length > 10 && vi.length > 10 && en !== vi}`).toBe(`${name}: true`);
        const holes = (sentence: string) =>
          [...sentence.matchAll(/\{(\w+)\}/g)].map(([, hole]) => hole).sort();
        expect(`${name}: ${holes(vi)}`).toBe(`${name}: ${holes(en)}`);
      }
    }
    expect(seen.size).toBeGreaterThan(0);
  });
});
