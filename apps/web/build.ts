import { readdir, readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

/** Addresses that strangers open first, with the page's source and the area of its words. */
export const firstPages: Readonly<Record<string, { source: string; areas: readonly string[] }>> = {
  "/": { source: "src/pages/landing/landing.tsx", areas: ["landing", "estimate"] },
  "/marketplace": { source: "src/pages/marketplace/listings.tsx", areas: ["marketplace"] },
};

/**
 * What every page needs, as two files: libraries, and the app's own frame. Many small files pack worse and ask more
 * often. Whatever only some pages need stays out, however near it lies.
 */
export const firstGroups = [
  {
    name: "base",
    test: /node_modules\/(solid-js|@solidjs\/router|@tanstack\/(query-core|solid-query))\/(?!.*(mutationObserver|queriesObserver|StaticRouter))/,
  },
  {
    name: "frame",
    test: new RegExp(
      [
        "apps/web/src/(lib/(api|client|connection|errors|format|locale|queries|session|theme|time)|i18n/(index|areas)|routes|nav/(index|visitor))\\.",
        "apps/web/src/frame/(shell|boundary|brand|connection-banner|gate|page|page-skeleton|route|switches|wide|words)\\.",
        "packages/web/ui/src/(button|classes|settings|spinner|status|surfaces)\\.",
        "node_modules/@solid-primitives/i18n/",
        "node_modules/lucide-solid/dist/source/(Icon|context|defaultAttributes|shared/)",
      ].join("|"),
    ),
  },
  {
    name: "lists",
    test: /packages\/web\/ui\/src\/(field|inputs|choices|number-input|decimal|table|countdown)\.|apps\/web\/src\/frame\/loaded\./,
  },
];

type Files = Record<string, string[]>;

/** Tells boot.js the files of the first pages, so that a browser asks for them at once. */
export const firstFiles = (): Plugin => {
  let folder = "dist";
  let known: { en: Files; vi: Files } = { en: {}, vi: {} };
  return {
    name: "evx:first-files",
    apply: "build",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter(
        (part): part is Rolldown.OutputChunk => part.type === "chunk",
      );
      const entry = chunks.find((chunk) => chunk.isEntry);
      const have = new Set([entry?.fileName, ...(entry?.imports ?? [])]);
      const filesOf = (source: string) => {
        const chunk = chunks.find((each) => each.facadeModuleId?.endsWith(`/${source}`));
        return chunk ? [chunk.fileName, ...chunk.imports].filter((file) => !have.has(file)) : [];
      };
      const of = (language: "en" | "vi"): Files => ({
        "*": filesOf(`src/i18n/${language}/frame.ts`).map((file) => `/${file}`),
        ...Object.fromEntries(
          Object.entries(firstPages).map(([path, { source, areas }]) => [
            path,
            [
              ...new Set([
                ...filesOf(source),
                ...areas.flatMap((area) => filesOf(`src/i18n/${language}/${area}.ts`)),
              ]),
            ].map((file) => `/${file}`),
          ]),
        ),
      });
      known = { en: of("en"), vi: of("vi") };
    },
    async closeBundle() {
      const path = resolve(folder, "boot.js");
      const text = await readFile(path, "utf8");
      const bare = text.replace(/^\s*(\/\/.*|\/\*\*.*\*\/)\n/gm, "").replace(/^\s+/gm, "");
      await writeFile(path, bare.replace("const first = {};", `const first = ${JSON.stringify(known)};`));
    },
  };
};

/** Packs each text file once, beside itself, so that the server never packs while someone waits. */
export const packed = (): Plugin => {
  let folder = "dist";
  return {
    name: "evx:packed",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      sequential: true,
      order: "post",
      async handler() {
        // A development machine waits for the build longer than it could ever wait for these bytes.
        const quick = process.env.WEB_BUILD === "quick";
        const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)];
        const files = await readdir(folder, { recursive: true });
        await Promise.all(
          files
            .filter((file) => /\.(js|css|html|svg|webmanifest|json)$/.test(file) && !file.startsWith("."))
            .map(async (file) => {
              const path = resolve(folder, file);
              const bytes = await readFile(path);
              if (bytes.byteLength < 600) return;
              const params = { [constants.BROTLI_PARAM_QUALITY]: quick ? 4 : 10 };
              await Promise.all([
                brotli(bytes, { params }).then((small) => writeFile(`${path}.br`, small)),
                zip(bytes, { level: quick ? 5 : 9 }).then((small) => writeFile(`${path}.gz`, small)),
              ]);
            }),
        );
      },
    },
  };
};
