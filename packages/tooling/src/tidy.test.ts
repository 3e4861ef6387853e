/** House rules that neither the compiler nor the linter sees. Each test names the files that break its rule. */
import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";

const root = join(import.meta.dir, "../../..");

const files = [...new Glob("{apps,packages,db}/**/*.{ts,tsx}").scanSync({ cwd: root, dot: false })]
  .filter((file) => !/node_modules|\/dist\/|\.gen\.ts$|\.d\.ts$/.test(file))
  .sort();

const text = (file: string): string => readFileSync(join(root, file), "utf8");

/** Source without comments, so that a rule's own explanation does not break it. */
const code = (file: string): string =>
  text(file)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|[^:"'`])\/\/.*$/gm, "$1");

const isTest = (file: string): boolean => /\.test\.tsx?$|\/testing(\/|\.ts$)|\/bench\/|\/e2e\//.test(file);

const breaking = (pattern: RegExp, allowed: (file: string) => boolean): string[] =>
  files.filter((file) => !allowed(file) && pattern.test(code(file)));

const domains = [
  "identity",
  "vehicles",
  "credits",
  "verification",
  "payments",
  "marketplace",
  "pricing",
  "notifications",
  "reports",
];
const schemas = [...domains, "ledger", "jobs", "rules", "rpc"];

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

  test("a room's queries touch only the tables of its own Postgres schema", () => {
    const trespassing = files
      .filter((file) => file.startsWith("packages/") && /\/queries(\/|\.ts$)/.test(file))
      .flatMap((file) => {
        const room = file.split("/")[1] as string;
        const own = room === "api" ? "rpc" : room;
        const named = [...code(file).matchAll(/\b([a-z]+)\.[a-z_]+\b/g)].filter(
          ([whole, schema]) =>
            schemas.includes(schema as string) &&
            schema !== own &&
            new RegExp(`["\`\\s(]${whole}["\`\\s(]`).test(code(file)) &&
            new RegExp(`(from|into|update|join|Table|From|Into|Join)\\(?\\s*["\`]?${whole}\\b`).test(
              code(file),
            ),
        );
        return named.map(([whole]) => `${file}: ${whole}`);
      });
    expect([...new Set(trespassing)]).toEqual([]);
  });

  test("the environment is read only at the edges: runtime, launcher, tools", () => {
    const edges =
      /^(packages\/runtime|packages\/tooling|apps\/up|apps\/gateways|apps\/web\/(vite\.config|build|scripts)|db)\b/;
    expect(
      breaking(
        /process\.env|Bun\.env|import\.meta\.env\.(?!DEV|PROD|MODE)/,
        (file) => edges.test(file) || isTest(file),
      ),
    ).toEqual([]);
  });

  test("the machine's clock is read only by the kernel", () => {
    const reads = /\bnew Date\(\)|\bDate\.now\(\)/;
    const edges = /^(packages\/kernel\/src\/clock\.ts|packages\/tooling|apps\/(up|gateways|web)|db\/)/;
    expect(breaking(reads, (file) => edges.test(file) || isTest(file))).toEqual([]);
  });

  test("TRPCError is thrown only by rpc and the REST view: rooms refuse", () => {
    expect(
      breaking(
        /\bTRPCError\b/,
        (file) => /^packages\/(rpc|api)\//.test(file) || file.endsWith("tidy.test.ts"),
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

  test("no test is skipped or narrowed without saying why it cannot run", () => {
    expect(
      breaking(/\b(test|it|describe)\.(only|todo|skip)\(/, (file) => file.endsWith("tidy.test.ts")),
    ).toEqual([]);
  });
});

describe("who may lean on whom", () => {
  const allowed: Record<string, string[]> = {
    kernel: [],
    db: ["kernel"],
    rpc: ["kernel", "db"],
    jobs: ["kernel", "db"],
    rules: ["kernel", "db"],
    paper: ["kernel"],
    ledger: ["kernel", "db"],
    identity: [],
    vehicles: ["identity"],
    credits: ["identity", "ledger"],
    verification: ["identity", "ledger", "credits", "vehicles"],
    payments: ["identity", "ledger"],
    marketplace: ["identity", "ledger", "credits", "payments"],
    pricing: ["identity", "marketplace"],
    notifications: domains.filter((name) => name !== "notifications" && name !== "reports"),
    reports: [...domains.filter((name) => name !== "notifications" && name !== "reports"), "ledger"],
  };
  const ground = ["kernel", "db", "rpc", "jobs", "rules", "paper"];

  for (const [name, rooms] of Object.entries(allowed)) {
    test(`${name} declares no room above it`, () => {
      const folder = name === "db" ? "db" : `packages/${name}`;
      const { dependencies = {} } = JSON.parse(text(`${folder}/package.json`));
      const reach = domains.includes(name) ? [...ground, ...rooms] : rooms;
      const declared = Object.keys(dependencies).filter((dep) => dep.startsWith("@evx/"));
      expect(declared.filter((dep) => !reach.includes(dep.slice("@evx/".length)))).toEqual([]);
    });
  }

  test("notifications and reports use of other domains their events, schemas and read verbs only", () => {
    const reaches =
      /from "@evx\/(?:identity|vehicles|credits|verification|payments|marketplace)\/(?!events|schema|errors)[a-z]+"/;
    expect(
      files.filter(
        (file) =>
          /^packages\/(notifications|reports)\/src/.test(file) && !isTest(file) && reaches.test(code(file)),
      ),
    ).toEqual([]);
  });
});

describe("what a stranger finds", () => {
  test("each package has a README; each domain's has a glossary with an Avoid line", () => {
    const folders = [
      "db",
      ...new Set(
        files.filter((file) => !file.startsWith("db")).map((file) => file.split("/").slice(0, 2).join("/")),
      ),
    ];
    expect(folders.filter((folder) => !existsSync(join(root, folder, "README.md")))).toEqual([]);
    expect(domains.filter((name) => !/[*_]Avoid:?[*_]/i.test(text(`packages/${name}/README.md`)))).toEqual(
      [],
    );
  });

  test("each domain has the same files", () => {
    const shape = ["schema", "errors", "policy", "router", "jobs", "events", "testing", "index"];
    const missing = domains
      // Identity's rules are better-auth's and its limits'; it has no fees or bounds of its own to decide.
      .flatMap((name) =>
        shape
          .filter((file) => name !== "identity" || file !== "policy")
          .map((file) => `packages/${name}/src/${file}.ts`),
      )
      .filter((file) => !existsSync(join(root, file)));
    expect(missing).toEqual([]);
  });

  test("a refusal's code is said by one room only, in both languages", async () => {
    const seen = new Map<string, string>();
    for (const file of files.filter((name) => /^packages\/[a-z]+\/src\/errors\.ts$/.test(name))) {
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
