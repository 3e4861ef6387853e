import { existsSync } from "node:fs";
import { join, normalize } from "node:path";
import type { MiddlewareHandler } from "hono";

const year = "public, max-age=31536000, immutable";

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
    const inside = file.startsWith(`${dist}/`) && !path.split("/").some((part) => part.startsWith("."));
    if (inside && /\.[a-z0-9]+$/i.test(path)) {
      if (!existsSync(file)) return c.notFound();
      const headers = { "cache-control": path.startsWith("/assets/") ? year : "no-cache" };
      return new Response(Bun.file(file), { headers });
    }
    if (!existsSync(index)) return c.text("The web app has not been built yet. Run: bun run up", 503);
    return new Response(Bun.file(index), {
      headers: { "cache-control": "no-cache", "content-type": "text/html; charset=utf-8" },
    });
  };
};
