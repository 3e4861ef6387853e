import { gatewayNames } from "@evx/adapters";
import { arrived, errorResponse, readText, restView } from "@evx/api/rest";
import { freshFor, networkOf, siteOf } from "@evx/kernel";
import { receiveWebhook } from "@evx/payments";
import { type Actor, refusalOf, refuseCall, retryAfterOf } from "@evx/rpc";
import type { Config, Runtime } from "@evx/runtime";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { Hono, type Context as HonoContext } from "hono";
import { bodyLimit } from "hono/body-limit";
import { callsOf, mostCalls, pointsOf, shortPath } from "./calls.ts";
import { clientIp, isThroughStranger } from "./client-ip.ts";
import { pages } from "./heads.ts";
import { health } from "./health.ts";
import { publicLog } from "./log.ts";
import { mailDoors } from "./mail.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { type Readiness, readiness } from "./readiness.ts";
import { createRepeats, type Repeats } from "./repeats.ts";
import { crossOrigin, securityHeaders } from "./security.ts";
import { placeOf, type Spans } from "./spans.ts";
import { webApp } from "./static.ts";
import { streamAnswer } from "./streams.ts";
import { createTraffic, type Traffic } from "./traffic.ts";
import { small_bytes, unreadBodies } from "./unread.ts";

/** What Bun knows of a request beyond its text. */
export type Bindings = { peer: string };

/** `refused`: for this request nothing was done, however often it comes. */
type Variables = { requestId: string; ip: string; actor: Actor | null; refused: true };

type C = HonoContext<{ Bindings: Bindings; Variables: Variables }>;

/** A request id from outside is taken over only when it looks like one. */
const wellFormedId = /^[\w-]{8,64}$/;

type App = Hono<{ Bindings: Bindings; Variables: Variables }>;

const facts = (c: C) => ({ headers: c.req.raw.headers, ip: c.get("ip"), requestId: c.get("requestId") });
const contextOf = (runtime: Runtime, c: C) => runtime.createContext({ actor: c.get("actor"), ...facts(c) });
const stranger = (runtime: Runtime, c: C) => runtime.createContext({ actor: null, ...facts(c) });

/** Names each request, and says in log and metrics how long it took. */
const traced =
  ({ config, log, clock }: Runtime, metrics: Metrics, spans: Spans | null) =>
  async (c: C, next: () => Promise<void>) => {
    const given = c.req.header("x-request-id") ?? "";
    c.set("requestId", wellFormedId.test(given) ? given : crypto.randomUUID());
    c.set("ip", clientIp(c.env.peer, c.req.header("x-forwarded-for") ?? null, config.TRUSTED_PROXIES));
    const [start, startedAt] = [performance.now(), clock.now().getTime()];
    await next();
    c.header("x-request-id", c.get("requestId"));
    const ms = Math.round(performance.now() - start);
    const name = metrics.observe(c.req.method, c.req.path, c.res.status, ms);
    spans?.end({
      ...placeOf(c.req.header("traceparent")),
      ...{ name, startedAt, ms, failed: c.res.status >= 500 },
      attributes: { "http.response.status_code": c.res.status, "evx.request_id": c.get("requestId") },
    });
    log.info(
      {
        requestId: c.get("requestId"),
        method: c.req.method,
        path: shortPath(c.req.path),
        status: c.res.status,
        ms,
      },
      "request",
    );
  };

/** What must be answered however much there is to do: who watches, and who pays. */
const always = /^\/(health|metrics|api\/payments\/webhook)(\/|$)/;

const hasBody = (c: C): boolean => c.req.raw.body !== null && !/^(GET|HEAD)$/.test(c.req.method);
const whoseOf = (c: C): string => c.get("actor")?.id ?? networkOf(c.get("ip"));

/**
 * What waits unread in a server that closes its door is lost, and a balancer sends a POST to no second one. So shortly before,
 * whoever has another server (the balancer says so) is refused what may safely be asked twice: it asks there, and sends
 * nothing more here.
 */
const handsOn =
  (traffic: Traffic) =>
  async (c: C, next: () => Promise<void>): Promise<Response | undefined> => {
    const safe = /^(GET|HEAD)$/.test(c.req.method) && !always.test(c.req.path);
    if (traffic.closing && safe && c.req.header("x-other-servers"))
      return c.body(null, 502, { connection: "close" });
    await next();
    return undefined;
  };

/**
 * Takes on so much at once, and tells whoever keeps a connection to a server that leaves to open another elsewhere. What has
 * a body is counted by `takenIn`, once that is there.
 */
const bounded =
  (runtime: Runtime, traffic: Traffic) =>
  async (c: C, next: () => Promise<void>): Promise<Response | undefined> => {
    try {
      if (always.test(c.req.path) || hasBody(c)) await next();
      else await traffic.admit(whoseOf(c), next);
      if (traffic.leaving) c.header("connection", "close");
      return undefined;
    } catch (error) {
      if (!refusalOf(error)) throw error;
      return errorResponse(error, stranger(runtime, c));
    }
  };

/** Refusals of what comes over and over are held back, after their place is free and their time is noted. */
const heldBack = (repeats: Repeats) => async (c: C, next: () => Promise<void>) => {
  await next();
  if (c.get("refused")) await repeats.pause(c.get("ip"));
};

/** What is answered to a network whose bodies are no longer taken in. */
const sentTooMuch = (runtime: Runtime) => (c: HonoContext, seconds: number) =>
  errorResponse(refuseCall("rate_limited", { seconds }), stranger(runtime, c as unknown as C));

/**
 * Waits for a small body, so that whoever sends slowly holds nobody's place, and then takes the request on; a large one, or
 * one of unknown length, is an upload.
 */
const takenIn =
  (runtime: Runtime, traffic: Traffic) =>
  async (c: C, next: () => Promise<void>): Promise<Response | undefined> => {
    if (!hasBody(c)) return next().then(() => undefined);
    const raw = c.req.raw;
    const declared = raw.headers.get("content-length");
    try {
      if (declared === null || Number(declared) > small_bytes) await traffic.admitUpload(whoseOf(c), next);
      else {
        const body = await arrived(raw, small_bytes);
        c.req.raw = new Request(raw.url, {
          method: raw.method,
          headers: raw.headers,
          body,
          signal: raw.signal,
        });
        await traffic.admit(whoseOf(c), next);
      }
      return undefined;
    } catch (error) {
      if (!refusalOf(error)) throw error;
      return errorResponse(error, stranger(runtime, c));
    }
  };

/** What watches the product reads: health, metrics, and where map tiles come from. */
const watchedBy = (
  app: App,
  runtime: Runtime,
  { metrics, traffic, ready }: { metrics: Metrics; traffic: Traffic; ready: () => Promise<Readiness> },
): void => {
  const { config, clock } = runtime;
  const startedAt = clock.now();
  // Whoever asks is not counted, so many who ask at once are told what one look found.
  const look = freshFor(500, () => health(runtime, startedAt));
  app.get("/health", async (c) => {
    const { status, body } = await look();
    return c.json(body, status, { "cache-control": "no-store" });
  });
  // Where map tiles come from is the operator's choice, made when the server starts, not when the web app is built.
  app.get("/api/map", (c) =>
    c.json({ tileUrl: config.TILE_URL || null }, 200, { "cache-control": "max-age=3600" }),
  );
  app.get("/metrics", (c) => {
    const forwarded = c.req.header("x-forwarded-for") ?? null;
    if (isThroughStranger(c.env.peer, forwarded, config.TRUSTED_PROXIES)) return c.notFound();
    return metrics.serve({ ip: c.get("ip"), authorization: c.req.header("authorization") });
  });
  app.get("/health/live", (c) => c.json({ status: "live" }, 200, { "cache-control": "no-store" }));
  app.get("/health/ready", async (c) => {
    if (traffic.leaving) return c.json({ status: "leaving" }, 503, { "cache-control": "no-store" });
    const body = await ready();
    return c.json(body, body.status === "ready" ? 200 : 503, { "cache-control": "no-store" });
  });
  app.all("/health/*", (c) => c.notFound());
};

/** A gateway's webhook, stored as it came and answered at once. */
const webhook = (runtime: Runtime) => async (c: C) => {
  try {
    const rawBody = c.req.method === "POST" ? await readText(c.req.raw, 1_000_000) : "";
    const gateway = gatewayNames.find((name) => name === (c.req.param("gateway") ?? "stripe"));
    if (!gateway) throw refuseCall("not_found");
    const query = new URL(c.req.url).search.slice(1, 10_000);
    const received = { gateway, rawBody, query, headers: c.req.raw.headers };
    const answer = await receiveWebhook(stranger(runtime, c), runtime.ports.payments, received);
    return Response.json(answer.body, { status: answer.status });
  } catch (error) {
    const refused = errorResponse(error, stranger(runtime, c));
    if (refused.status >= 500)
      runtime.log.error({ error, requestId: c.get("requestId") }, "a webhook could not be stored");
    return refused;
  }
};

/** A customer's /48 holds 65,536 networks of IPv6: all of them together have as much as so many clients. */
const clientsInSite = 16;

/**
 * Charges a person, or the network of somebody who is not signed in; throws `rate_limited` when this minute has too few
 * points left.
 */
const charge = async ({ limiter }: Runtime, c: C, points: number): Promise<void> => {
  const [person, site] = [c.get("actor")?.id, siteOf(c.get("ip"))];
  const own = await limiter.take(person ?? networkOf(c.get("ip")), points);
  const verdict = own.ok && !person && site ? await limiter.take(site, points, clientsInSite) : own;
  if (!verdict.ok) throw refuseCall("rate_limited", { seconds: verdict.retryAfter });
};

/** Who it is, once for each HTTP request, and whether they have requests left in this minute. */
const admitted = (runtime: Runtime, points: (c: C) => number) => async (c: C, next: () => Promise<void>) => {
  c.set("actor", await runtime.ports.identity.authenticate(c.req.raw.headers));
  try {
    await charge(runtime, c, points(c));
  } catch (error) {
    if (!refusalOf(error)) throw error;
    c.set("refused", true);
    return errorResponse(error, stranger(runtime, c));
  }
  return next();
};

/** Whether a page's address may be read up for its head: somebody who asks too often gets the app without. */
const mayRead =
  (runtime: Runtime) =>
  async (c: HonoContext): Promise<boolean> => {
    try {
      await charge(runtime, c as unknown as C, 1);
      return true;
    } catch (error) {
      if (!refusalOf(error)) throw error;
      return false;
    }
  };

/** Every call of a batch is charged as if it had come alone; what is no batch that is taken costs as the largest. */
const admittedCalls = (runtime: Runtime) => async (c: C, next: () => Promise<void>) => {
  let refused: unknown = null;
  const answer = await admitted(runtime, () => {
    try {
      const { paths, batched } = callsOf(c.req.raw.url);
      return pointsOf(runtime.router, paths, batched);
    } catch (error) {
      refused = error;
      return mostCalls;
    }
  })(c, async () => {
    if (!refused) await next();
  });
  if (!refused || answer) return answer;
  c.set("refused", true);
  return errorResponse(refused, stranger(runtime, c));
};

const trpc = (runtime: Runtime) => async (c: C) => {
  const { paths, batched } = callsOf(c.req.raw.url);
  const context = { ...contextOf(runtime, c), batched };
  const stream = { request: c.req.raw, path: paths.join(), context };
  const response =
    (await streamAnswer(runtime.router, stream)) ??
    (await fetchRequestHandler({
      endpoint: "/trpc",
      req: c.req.raw,
      router: runtime.router,
      createContext: () => context,
      maxBatchSize: mostCalls,
      responseMeta: ({ errors }) => {
        const waits = errors.map(retryAfterOf).filter((seconds) => seconds !== null);
        return waits.length > 0 ? { headers: { "retry-after": String(Math.max(...waits)) } } : {};
      },
    }));
  for (const [name, value] of context.answer.headers) response.headers.append(name, value);
  return response;
};

/** Under a key of the vault: who reads the table of Idempotency-Keys cannot try what was sent, passwords least of all. */
const digestOf =
  ({ ports }: Runtime) =>
  async (content: string): Promise<string> => {
    const [digest] = await (await ports.identity.vault).digests(content);
    return digest.toHex();
  };

/** From where the map's tiles come, if from anywhere. */
const tileOriginOf = ({ TILE_URL }: Config): string | null =>
  TILE_URL ? new URL(TILE_URL.replace(/[{}]/g, "")).origin : null;

/** The HTTP face of the product: tRPC, REST, webhooks, health, metrics and the web app. No business code. */
export const createApp = (
  runtime: Runtime,
  traffic: Traffic = createTraffic({ most: runtime.config.REQUESTS_AT_ONCE }),
  spans: Spans | null = null,
): App => {
  const { config, log } = runtime;
  const ready = freshFor(500, () => readiness(runtime));
  const metrics = createMetrics(runtime, ready);
  const app: App = new Hono();

  const repeats = createRepeats();
  app
    .use(handsOn(traffic))
    .use(heldBack(repeats))
    .use(traced(runtime, metrics, spans));
  app.use(unreadBodies(sentTooMuch(runtime), repeats)).use(bounded(runtime, traffic));
  const secure = config.publicUrl.startsWith("https:");
  app.use(securityHeaders({ secure, tileOrigin: tileOriginOf(config) }));
  if (config.CORS_ORIGINS.length > 0)
    app.use("/api/*", crossOrigin(config.CORS_ORIGINS)).use("/trpc/*", crossOrigin(config.CORS_ORIGINS));
  watchedBy(app, runtime, { metrics, traffic, ready });
  publicLog(app, runtime);
  mailDoors(app, runtime, (c) => stranger(runtime, c as unknown as C));

  // Gateways' webhooks come before the rate limit: they are many, signed, and must not be turned away.
  app.on(["POST", "GET"], ["/api/payments/webhook", "/api/payments/webhook/:gateway"], webhook(runtime));
  app.use(
    "/api/*",
    admitted(runtime, () => 1),
  );
  app.use("/trpc/*", admittedCalls(runtime));
  app.use("/api/*", takenIn(runtime, traffic)).use("/trpc/*", takenIn(runtime, traffic));

  app.use(
    "/trpc/*",
    bodyLimit({
      maxSize: 1_000_000,
      onError: (c) => {
        const refused = refuseCall("body_too_large", { limit: "1 MB" });
        return errorResponse(refused, stranger(runtime, c as unknown as C));
      },
    }),
  );
  app.all("/trpc/*", trpc(runtime));

  const contextOfCall = async (c: unknown) => contextOf(runtime, c as C);
  app.route(
    "/api",
    restView<Bindings>(runtime.router, {
      contextOf: contextOfCall,
      charge: (c, points) => charge(runtime, c as unknown as C, points),
      digest: digestOf(runtime),
    }),
  );
  app.get(
    "*",
    webApp(config.WEB_DIST ?? "apps/web/dist", config.publicUrl, pages(runtime, mayRead(runtime))),
  );

  app.onError((error, c) => {
    const about = { error, requestId: c.get("requestId"), path: shortPath(c.req.path) };
    const refusal = refusalOf(error);
    if (!refusal) log.error(about, "a request failed");
    else if (refusal.kind === "unavailable") log.warn(about, "a request could not be served");
    return errorResponse(error, stranger(runtime, c));
  });
  return app;
};
