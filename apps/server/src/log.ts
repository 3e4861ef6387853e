import { registryFacts, registryState } from "@evx/certificates";
import { publishedCheckpoint, tileBytes } from "@evx/log";
import type { Runtime } from "@evx/runtime";
import type { Hono } from "hono";
import type { Bindings } from "./app.ts";

/** Anybody's page may read the log: what is public is public everywhere. */
const everywhere = { "access-control-allow-origin": "*" };
const forever = { ...everywhere, "cache-control": "public, max-age=31536000, immutable" };

/**
 * The public log as static files (C2SP tlog-tiles), what a monitor compares it with, and who the registry is. Without
 * a limit of requests: whoever watches from the beginning reads many tiles.
 */
export const publicLog = <V extends object>(
  app: Hono<{ Bindings: Bindings; Variables: V }>,
  { db, clock, ports }: Runtime,
): void => {
  app.get("/log/checkpoint", async (c) => {
    const published = await publishedCheckpoint(db);
    if (!published) return c.text("The log has no checkpoint yet.\n", 404);
    return c.body(published.note, 200, {
      ...everywhere,
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "public, max-age=1",
    });
  });
  app.get("/log/tile/*", async (c) => {
    const bytes = await tileBytes(db, c.req.path.slice("/log/tile/".length));
    if (!bytes) return c.text("The log has no such tile.\n", 404, everywhere);
    return c.body(new Uint8Array(bytes), 200, { ...forever, "content-type": "application/octet-stream" });
  });
  app.get("/log/state.json", async (c) =>
    c.json(await registryState(db), 200, { ...everywhere, "cache-control": "public, max-age=1" }),
  );
  app.get("/.well-known/evx-registry.json", async (c) =>
    c.json(await registryFacts(db, ports.verification, clock.now()), 200, {
      ...everywhere,
      "cache-control": "public, max-age=60",
    }),
  );
};
