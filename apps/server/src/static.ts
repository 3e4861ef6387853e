import { existsSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import type { MiddlewareHandler } from "hono";

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
const packed = (file: string, accepts: string, cacheControl: string): Response => {
  const type = types[extname(file)];
  const way = type && (["br", "gzip"] as const).find((name) => accepts.includes(name));
  const small = way && `${file}.${way === "br" ? "br" : "gz"}`;
  const headers: Record<string, string> = { "cache-control": cacheControl, vary: "accept-encoding" };
  if (type) headers["content-type"] = type;
  if (!small || !existsSync(small)) return new Response(Bun.file(file), { headers });
  return new Response(Bun.file(small), { headers: { ...headers, "content-encoding": way } });
};

/**
 * Serves the built web app: hashed files for a year, everything else fresh. An address without a file is a page of
 * the app, which finds its way by itself.
 */
export const webApp = (dist: string): MiddlewareHandler => {
  const index = join(dist, "index.html");
  return async (c) => {
    if (c.req.method !== "GET" && c.req.method !== "HEAD") return c.notFound();
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
    return packed(index, accepts, "no-cache");
  };
};
