import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Hono } from "hono";

const assets = dirname(fileURLToPath(import.meta.resolve("swagger-ui-dist/package.json")));

const served: Record<string, string> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "favicon-32x32.png": "image/png",
};

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>EV Carbon Exchange: REST reference</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<link rel="icon" href="/api/docs/favicon-32x32.png">
</head>
<body>
<div id="reference"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>`;

const start = `SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#reference", deepLinking: true, docExpansion: "list" });`;

/** The readable reference at /api/docs, from files of its own: nothing is loaded from elsewhere. */
export const docs = (): Hono => {
  const app = new Hono();
  app.get("/", (c) => c.html(html));
  app.get("/start.js", (c) => c.body(start, 200, { "content-type": "text/javascript; charset=utf-8" }));
  app.get("/:asset", (c) => {
    const type = served[c.req.param("asset")];
    if (!type) return c.notFound();
    return new Response(Bun.file(join(assets, c.req.param("asset"))), {
      headers: { "content-type": type, "cache-control": "max-age=86400" },
    });
  });
  return app;
};
