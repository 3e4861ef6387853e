import { errorAnswer, readText, restView } from "@evx/api/rest";
import { gatewayNames, receiveWebhook } from "@evx/payments";
import { type Actor, refuseCall } from "@evx/rpc";
import type { Runtime } from "@evx/runtime";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { Hono, type Context as HonoContext } from "hono";
import { bodyLimit } from "hono/body-limit";
import { clientIp, isThroughStranger } from "./client-ip.ts";
import { health } from "./health.ts";
import { createMetrics } from "./metrics.ts";
import { crossOrigin, securityHeaders } from "./security.ts";
import { webApp } from "./static.ts";

/** What Bun knows of a request beyond its text. */
export type Bindings = { peer: string };

type Variables = { requestId: string; ip: string; actor: Actor | null };

type C = HonoContext<{ Bindings: Bindings; Variables: Variables }>;

/** A request id from outside is taken over only when it looks like one. */
const wellFormedId = /^[\w-]{8,64}$/;

/** The HTTP face of the product: tRPC, REST, webhooks, health, metrics and the web app. No business code. */
export const createApp = (runtime: Runtime): Hono<{ Bindings: Bindings; Variables: Variables }> => {
  const { config, ports, log } = runtime;
  const startedAt = runtime.clock.now();
  const metrics = createMetrics(runtime);
  const app = new Hono<{ Bindings: Bindings; Variables: Variables }>();

  const facts = (c: C) => ({ headers: c.req.raw.headers, ip: c.get("ip"), requestId: c.get("requestId") });
  const contextOf = (c: C) => runtime.createContext({ actor: c.get("actor"), ...facts(c) });
  const stranger = (c: C) => runtime.createContext({ actor: null, ...facts(c) });

  app.use(async (c, next) => {
    const given = c.req.header("x-request-id") ?? "";
    c.set("requestId", wellFormedId.test(given) ? given : crypto.randomUUID());
    c.set("ip", clientIp(c.env.peer, c.req.header("x-forwarded-for") ?? null, config.TRUSTED_PROXIES));
    const start = performance.now();
    await next();
    c.header("x-request-id", c.get("requestId"));
    const ms = Math.round(performance.now() - start);
    metrics.observe(c.req.method, c.req.path, c.res.status, ms);
    log.info(
      { requestId: c.get("requestId"), method: c.req.method, path: c.req.path, status: c.res.status, ms },
      "request",
    );
  });
  app.use(
    securityHeaders({
      secure: config.publicUrl.startsWith("https:"),
      tileOrigin: config.TILE_URL ? new URL(config.TILE_URL.replace(/[{}]/g, "")).origin : null,
    }),
  );
  if (config.CORS_ORIGINS.length > 0)
    app.use("/api/*", crossOrigin(config.CORS_ORIGINS)).use("/trpc/*", crossOrigin(config.CORS_ORIGINS));

  app.get("/health", async (c) => {
    const { status, body } = await health(runtime, startedAt);
    return c.json(body, status, { "cache-control": "no-store" });
  });
  // Where map tiles come from is the operator's choice, made when the server starts, not when the web app is built.
  app.get("/api/map", (c) =>
    c.json({ tileUrl: config.TILE_URL || null }, 200, { "cache-control": "max-age=3600" }),
  );
  app.get("/metrics", (c) => {
    const forwarded = c.req.header("x-forwarded-for") ?? null;
    if (isThroughStranger(c.env.peer, forwarded, config.TRUSTED_PROXIES)) return c.notFound();
    return metrics.serve(c.get("ip"));
  });

  // Gateways' webhooks come before the rate limit: they are many, signed, and must not be turned away.
  app.on(["POST", "GET"], ["/api/payments/webhook", "/api/payments/webhook/:gateway"], async (c) => {
    try {
      const rawBody = c.req.method === "POST" ? await readText(c.req.raw, 1_000_000) : "";
      const gateway = gatewayNames.find((name) => name === (c.req.param("gateway") ?? "stripe"));
      if (!gateway) throw refuseCall("not_found");
      const webhook = { gateway, rawBody, headers: c.req.raw.headers };
      const answer = await receiveWebhook(stranger(c), ports.payments, webhook);
      return Response.json(answer.body, { status: answer.status });
    } catch (error) {
      const { status, body } = errorAnswer(error, stranger(c));
      if (status >= 500) log.error({ error, requestId: c.get("requestId") }, "a webhook could not be stored");
      return Response.json(body, { status });
    }
  });

  /** Who it is, once for each HTTP request, and whether they have requests left in this minute. */
  const admitted = async (c: C, next: () => Promise<void>) => {
    c.set("actor", await ports.identity.authenticate(c.req.raw.headers));
    const verdict = await runtime.limiter.take(c.get("actor")?.id ?? c.get("ip"));
    if (verdict.ok) return next();
    const { status, body } = errorAnswer(
      refuseCall("rate_limited", { seconds: verdict.retryAfter }),
      stranger(c),
    );
    return Response.json(body, { status, headers: { "retry-after": String(verdict.retryAfter) } });
  };
  app.use("/api/*", admitted);
  app.use("/trpc/*", admitted);

  app.use(
    "/trpc/*",
    bodyLimit({
      maxSize: 1_000_000,
      onError: (c) =>
        c.json(
          errorAnswer(refuseCall("body_too_large", { limit: "1 MB" }), stranger(c as unknown as C)).body,
          413,
        ),
    }),
  );
  app.all("/trpc/*", async (c) => {
    const context = contextOf(c);
    const response = await fetchRequestHandler({
      endpoint: "/trpc",
      req: c.req.raw,
      router: runtime.router,
      createContext: () => context,
    });
    for (const [name, value] of context.answer.headers) response.headers.append(name, value);
    return response;
  });

  app.route(
    "/api",
    restView<Bindings>(runtime.router, { contextOf: async (c) => contextOf(c as unknown as C) }),
  );
  app.get("*", webApp(config.WEB_DIST ?? "apps/web/dist"));

  app.onError((error, c) => {
    log.error({ error, requestId: c.get("requestId"), path: c.req.path }, "a request failed");
    const { status, body } = errorAnswer(error, stranger(c));
    return Response.json(body, { status });
  });
  return app;
};
