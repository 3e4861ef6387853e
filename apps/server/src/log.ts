import { bookFaults, registryFacts, registryRows, registryState } from "@evx/certificates";
import { freshFor } from "@evx/kernel";
import { publishedCheckpoint, tileBytes } from "@evx/log";
import type { Runtime } from "@evx/runtime";
import type { Hono } from "hono";
import type { Bindings } from "./app.ts";

/** Anybody's page may read the log: what is public is public everywhere. */
const everywhere = { "access-control-allow-origin": "*" };
const forever = { ...everywhere, "cache-control": "public, max-age=31536000, immutable" };

/** Pages of rows that are read at once; whoever comes then is told to come again. */
const readersAtOnce = 4;

/**
 * The public log as static files (C2SP tlog-tiles), what a monitor compares it with, and who the registry is. Tiles are
 * without a limit of requests: whoever watches from the beginning reads many.
 */
export const publicLog = <V extends object>(
  app: Hono<{ Bindings: Bindings; Variables: V }>,
  { db, clock, ports }: Runtime,
): void => {
  // The whole ledger is read for its books: once a minute.
  const books = freshFor(60_000, async () => JSON.stringify(await bookFaults(db)));
  const state = freshFor(1_000, async () =>
    JSON.stringify(await registryState(db, JSON.parse(await books()) as string[], clock.now())),
  );
  const facts = freshFor(1_000, async () =>
    JSON.stringify(await registryFacts(db, ports.verification, clock.now())),
  );
  const json = { ...everywhere, "content-type": "application/json" };
  let reading = 0;

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
    c.body(await state(), 200, { ...json, "cache-control": "public, max-age=1" }),
  );
  app.get("/log/state/:file", async (c) => {
    const kind = /^(\w+)\.json$/.exec(c.req.param("file"))?.[1];
    if (!kind) return c.text("The log has no such rows.\n", 404, everywhere);
    if (reading >= readersAtOnce)
      return c.text("Many are reading. Come again in a second.\n", 503, {
        ...everywhere,
        "retry-after": "1",
      });
    reading++;
    try {
      const rows = await registryRows(db, kind, c.req.query("after") ?? "");
      if (!rows) return c.text("The log has no such rows.\n", 404, everywhere);
      return c.body(JSON.stringify(rows), 200, { ...json, "cache-control": "public, max-age=1" });
    } finally {
      reading--;
    }
  });
  app.get("/.well-known/evx-registry.json", async (c) =>
    c.body(await facts(), 200, { ...json, "cache-control": "public, max-age=60" }),
  );
};
