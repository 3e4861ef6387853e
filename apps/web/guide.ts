import { cp, readFile } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import { Marked, type Tokens } from "marked";
import type { Plugin } from "vite";

/** The folder of the product's documentation, of which the site shows what is listed in `src/pages/guide/pages.ts`. */
const folder = resolve(import.meta.dirname, "../../docs");

export type Section = { readonly id: string; readonly title: string; readonly text: string };
export type Guide = { readonly title: string; readonly html: string; readonly sections: readonly Section[] };

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");

/** Where a link of a page leads on the site; null for files that the site does not show. */
const addressOf = (file: string, href: string): string | null => {
  if (/^(https?:|#)/.test(href)) return href;
  const [path = "", anchor] = href.split("#");
  const target = relative(folder, resolve(dirname(file), path));
  if (target === "spec/README.md") return `/docs/spec${anchor ? `#${anchor}` : ""}`;
  // What is written there for programs is served as it is.
  if (/^spec\/(schemas\/)?[\w-]+\.(json|py)$/.test(target)) return `/${target}`;
  if (target.startsWith("..") || !/^(alerts\/)?[\w-]+\.md$/.test(target)) return null;
  return `/docs/${basename(target, ".md")}${anchor ? `#${anchor}` : ""}`;
};

const plain = (markdown: string): string =>
  markdown
    .replace(/```[\s\S]*?```/g, (code) => code.replaceAll("`", ""))
    .replace(/^>+ ?/gm, "")
    .replace(/[`*|#]|\[|\]\([^)]*\)/g, " ")
    // A mark of emphasis, not the underscore within a name that somebody looks for.
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "")
    .replace(/\s+/g, " ")
    .trim();

/** A page of Markdown as HTML, with an anchor at each heading, and its sections as plain text for the search. */
export const guideOf = (file: string, markdown: string): Guide => {
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? basename(file, ".md");
  const body = markdown.replace(/^# .+\n/, "");
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading) {
        return `<h${depth} id="${anchorOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const said = this.parser.parseInline(tokens);
        const address = addressOf(file, href);
        return address ? `<a href="${escaped(address)}">${said}</a>` : said;
      },
      html: ({ text }: Tokens.HTML | Tokens.Tag) => escaped(text),
      code: ({ text }: Tokens.Code) => `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`,
      table(token: Tokens.Table) {
        const cells = (row: Tokens.TableCell[], tag: string) =>
          row.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join("");
        const rows = token.rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("\n");
        return `<div class="wide" tabindex="0"><table><thead><tr>${cells(token.header, "th")}</tr></thead><tbody>${rows}</tbody></table></div>\n`;
      },
    },
  });
  const parts = `## ${title}\n${body}`.split(/^(?=#{2,3} )/m).filter((part) => part.startsWith("#"));
  const sections = parts.map((part) => {
    const heading = /^#{2,3} (.+)$/m.exec(part)?.[1] ?? title;
    return { id: anchorOf(heading), title: heading, text: plain(part.replace(/^.+\n/, "")) };
  });
  return { title, html: marked.parse(body, { async: false }), sections };
};

/** The specification for programs: its schemas, vectors and verifier, at /spec of the site. */
export const specification = (): Plugin => {
  let place = "dist/spec";
  return {
    name: "evx:specification",
    apply: "build",
    configResolved(config) {
      place = resolve(config.root, config.build.outDir, "spec");
    },
    async closeBundle() {
      const filter = (source: string) => !source.includes("__pycache__");
      await cp(resolve(folder, "spec"), place, { recursive: true, filter });
    },
  };
};

/** Pages of Markdown as modules, made when the site is built: the browser gets HTML, and no parser. */
export const guidePages = (): Plugin => ({
  name: "evx:guide",
  enforce: "pre",
  async load(id) {
    const [file = "", query] = id.split("?");
    if (query !== "guide" || !file.endsWith(".md")) return null;
    this.addWatchFile(file);
    return `export default ${JSON.stringify(guideOf(file, await readFile(file, "utf8")))}`;
  },
});
