import { expect, test } from "bun:test";
import { createSpans, placeOf } from "./spans.ts";

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

test("a span goes on in the trace that its caller began, and one without a caller begins its own", () => {
  expect(placeOf(parent)).toMatchObject({
    traceId: "0af7651916cd43dd8448eb211c80319c",
    parentId: "b7ad6b7169203331",
  });
  for (const strange of [undefined, "nonsense", `00-${"0".repeat(32)}-b7ad6b7169203331-01`]) {
    const own = placeOf(strange);
    expect(own.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(own.parentId).toBeNull();
  }
});

test("spans reach a collector as OTLP writes them; one that is away costs nothing but a line", async () => {
  const taken: { path: string; body: unknown }[] = [];
  const collector = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      taken.push({ path: new URL(request.url).pathname, body: await request.json() });
      return Response.json({});
    },
  });
  const span = {
    ...placeOf(parent),
    name: "GET /api/users/:id",
    startedAt: 1_772_000_000_000,
    ms: 12,
    attributes: { "http.response.status_code": 200 },
    failed: false,
  };
  const spans = createSpans(collector.url.href, silent);
  spans.end(span);
  await spans.stop();
  await collector.stop(true);
  expect(taken).toMatchObject([
    {
      path: "/v1/traces",
      body: {
        resourceSpans: [
          {
            scopeSpans: [
              {
                spans: [
                  {
                    name: "GET /api/users/:id",
                    parentSpanId: "b7ad6b7169203331",
                    startTimeUnixNano: "1772000000000000000",
                    endTimeUnixNano: "1772000000012000000",
                  },
                ],
              },
            ],
          },
        ],
      },
    },
  ]);
  const lines: string[] = [];
  const away = createSpans(collector.url.href, { ...silent, warn: (_, line) => lines.push(line) });
  away.end(span);
  await away.stop();
  expect(lines).toEqual(["spans could not be handed over and are dropped"]);
});
