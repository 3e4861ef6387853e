import { existsSync, readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import type { Context, MiddlewareHandler } from "hono";

const year = "public, max-age=31536000, immutable";

const types: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

/** The file as the build packed it, in the best way that the browser takes; as it is where it was not packed. */
const packed = (file: string, accepts: string, cacheControl: string, status = 200): Response => {
  const type = types[extname(file)];
  const way = type && (["br", "gzip"] as const).find((name) => accepts.includes(name));
  const small = way && `${file}.${way === "br" ? "br" : "gz"}`;
  const headers: Record<string, string> = { "cache-control": cacheControl, vary: "accept-encoding" };
  if (type) headers["content-type"] = type;
  if (!small || !existsSync(small)) return new Response(Bun.file(file), { status, headers });
  return new Response(Bun.file(small), { status, headers: { ...headers, "content-encoding": way } });
};

/** Addresses of the app's pages (`/marketplace/:id`), and those that search engines should find. */
type Pages = { pages: string[]; indexed: string[] };

/** The build's own list; null where a build has none, so that the app is served at every address. */
const pagesOf = (dist: string): Pages | null => {
  const file = join(dist, "pages.json");
  if (!existsSync(file)) return null;
  const pages: Pages = JSON.parse(readFileSync(file, "utf8"));
  return pages;
};

/** Whether an address is one of the patterns; `:name` stands for any one part. */
const isPage = (path: string, patterns: readonly string[]): boolean => {
  const parts = path.replace(/(?<=[^/])\/$/, "").split("/");
  return patterns.some((pattern) => {
    const wanted = pattern.split("/");
    return (
      wanted.length === parts.length &&
      wanted.every((part, at) => (part.startsWith(":") ? parts[at] !== "" : part === parts[at]))
    );
  });
};

/** Areas of signed-in people: nothing for search engines, though nothing secret is at their addresses. */
const unlisted = ["/owner", "/buyer", "/cva", "/admin", "/account", "/notifications", "/pay", "/trpc"];

const forRobots = (publicUrl: string): string =>
  [
    "User-agent: *",
    ...unlisted.map((path) => `Disallow: ${path}`),
    `Sitemap: ${publicUrl}/sitemap.xml`,
    "",
  ].join("\n");

const sitemap = (publicUrl: string, paths: readonly string[]): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ...paths.map((path) => `  <url><loc>${publicUrl}${path}</loc></url>`),
    "</urlset>",
    "",
  ].join("\n");

/** Answers the app's index at an address, with what the address is about; `isPage` is false for a stranger's address. */
type Page = (c: Context, index: string, isPage: boolean) => Promise<Response>;

/**
 * Serves the built web app: hashed files for a year, everything else fresh. An address without a file is a page of
 * the app, which finds its way by itself; one that is no page gets the app too, with 404, so that search engines and
 * link checkers learn what the person reads. `publicUrl` is the site's origin as the world sees it.
 */
export const webApp = (dist: string, publicUrl: string, page?: Page): MiddlewareHandler => {
  const index = join(dist, "index.html");
  const origin = publicUrl.replace(/\/+$/, "");
  // Read at the first call: a development server begins before the build has ended.
  let known: Pages | null = null;
  return async (c) => {
    if (c.req.method !== "GET" && c.req.method !== "HEAD") return c.notFound();
    known ??= pagesOf(dist);
    if (c.req.path === "/robots.txt") return c.text(forRobots(origin));
    if (c.req.path === "/sitemap.xml" && known)
      return c.body(sitemap(origin, known.indexed), 200, {
        "content-type": "application/xml; charset=utf-8",
      });
    let path: string;
    try {
      path = normalize(decodeURIComponent(c.req.path));
    } catch {
      return c.notFound();
    }
    const file = join(dist, path);
    const accepts = c.req.header("accept-encoding") ?? "";
    const inside = file.startsWith(`${dist}/`) && !path.split("/").some((part) => part.startsWith("."));
    if (inside && /\.[a-z0-9]+$/i.test(path)) {
      if (!existsSync(file)) return c.notFound();
      return packed(file, accepts, path.startsWith("/assets/") ? year : "no-cache");
    }
    if (!existsSync(index)) return c.text("The web app has not been built yet. Run: bun run up", 503);
    const isKnown = !known || isPage(c.req.path, known.pages);
    if (page) return page(c, await Bun.file(index).text(), isKnown);
    return packed(index, accepts, "no-cache", isKnown ? 200 : 404);
  };
};
