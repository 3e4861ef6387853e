/** What `bun run new` makes: new files, and lines that go into files that are there. Pure, so that a test can try it. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export type Made = {
  readonly files: Readonly<Record<string, string>>;
  /** Each text goes right before the mark, which stands in the file once. */
  readonly lines: readonly { readonly file: string; readonly before: string; readonly text: string }[];
};

const capital = (name: string): string => name.replace(/^./, (first) => first.toUpperCase());

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

/** Writes it below `root`; what is there already is never overwritten. Answers the files, one a line. */
export const write = (root: string, { files, lines }: Made): string => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text, { flag: "wx" });
  }
  for (const { file, before, text } of lines) {
    const old = readFileSync(join(root, file), "utf8");
    if (old.split(before).length !== 2) throw new Error(`${file} has no single place for a new line.`);
    writeFileSync(
      join(root, file),
      old.replace(before, () => text + before),
    );
  }
  const touched = [...new Set([...Object.keys(files), ...lines.map(({ file }) => file)])];
  // Imports go where their names belong.
  const styled = touched.filter((file) => /\.tsx?$/.test(file));
  if (styled.length > 0)
    execFileSync(join(root, "node_modules/.bin/biome"), ["check", "--write", ...styled], {
      cwd: root,
      stdio: "ignore",
    });
  return touched.join("\n");
};
