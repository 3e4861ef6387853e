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
    test: /packages\/web\/ui\/src\/table\./,
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

/** What checking a certificate needs without a connection, beside the frame. */
const offlineSources = [
  "src/frame/sidebar.tsx",
  "src/frame/failure.tsx",
  "src/pages/certificates/registry.tsx",
  ...["frame", "certificates", "paper", "check-file", "scan"].flatMap((area) => [
    `src/i18n/en/${area}.ts`,
    `src/i18n/vi/${area}.ts`,
  ]),
];

/** The built files behind sources: the chunks, what they import, and the library that checks proofs. */
const filesBehind = (chunks: readonly Rolldown.OutputChunk[], sources: readonly string[]): string[] => {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const found = new Set<string>();
  const take = (chunk: Rolldown.OutputChunk | undefined) => {
    if (!chunk || found.has(chunk.fileName)) return;
    found.add(chunk.fileName);
    for (const file of chunk.imports) take(byName.get(file));
  };
  for (const source of sources) {
    const chunk = chunks.find((each) => each.facadeModuleId?.endsWith(`/${source}`));
    take(chunk);
    for (const file of chunk?.dynamicImports ?? []) take(byName.get(file));
  }
  for (const chunk of chunks) if (chunk.isEntry) take(chunk);
  return [...found].map((file) => `/${file}`);
};

/** Tells the service worker the files that it keeps. */
export const offlineFiles = (): Plugin => {
  let folder = "dist";
  let files: string[] = [];
  return {
    name: "evx:offline-files",
    apply: "build",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    generateBundle(_, bundle) {
      const parts = Object.values(bundle);
      const chunks = parts.filter((part): part is Rolldown.OutputChunk => part.type === "chunk");
      const sheets = parts.map(({ fileName }) => fileName).filter((file) => /\.css$/.test(file));
      files = [...filesBehind(chunks, offlineSources), ...sheets.map((file) => `/${file}`)].sort();
    },
    async closeBundle() {
      const path = resolve(folder, "sw.js");
      const text = await readFile(path, "utf8");
      const listed = ["/", "/boot.js", "/icon.svg", "/manifest.webmanifest", ...files];
      await writeFile(
        path,
        text.replace(/const shell = \[.*\];/, `const shell = ${JSON.stringify(listed)};`),
      );
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
