import { second_ms } from "@evx/kernel";
import type { Log } from "@evx/rpc";

/** Where a request stands in a trace that somebody else may have begun (W3C Trace Context). */
export type Place = { readonly traceId: string; readonly spanId: string; readonly parentId: string | null };

type Finished = Place & {
  readonly name: string;
  readonly startedAt: number;
  readonly ms: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly failed: boolean;
};

export type Spans = { end(span: Finished): void; stop(): Promise<void> };

const every_ms = 5 * second_ms;
/** A collector that is away loses spans, never memory. */
const most = 5_000;

const hex = (bytes: number): string => crypto.getRandomValues(new Uint8Array(bytes)).toHex();

/** A new place under whom `traceparent` names, or in a trace of its own. */
export const placeOf = (traceparent: string | undefined): Place => {
  const given = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(traceparent ?? "");
  const known = given && !/^0+$/.test(given[1] ?? "") && !/^0+$/.test(given[2] ?? "");
  return { traceId: (known && given[1]) || hex(16), spanId: hex(8), parentId: (known && given[2]) || null };
};

const nanos = (ms: number): string => String(BigInt(Math.round(ms * 1_000)) * 1_000n);

const wire = (span: Finished) => ({
  traceId: span.traceId,
  spanId: span.spanId,
  ...(span.parentId ? { parentSpanId: span.parentId } : {}),
  name: span.name,
  // A server's.
  kind: 2,
  startTimeUnixNano: nanos(span.startedAt),
  endTimeUnixNano: nanos(span.startedAt + span.ms),
  attributes: Object.entries(span.attributes).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { intValue: value } : { stringValue: value },
  })),
  status: span.failed ? { code: 2 } : {},
});

/**
 * Hands spans to a collector of OpenTelemetry (OTLP over HTTP, JSON), a few seconds' together. What it does not take is
 * dropped with one line in the log.
 */
export const createSpans = (endpoint: string, log: Log): Spans => {
  const address = new URL(`${endpoint.replace(/\/+$/, "")}/v1/traces`).href;
  let waiting: Finished[] = [];
  const flush = async (): Promise<void> => {
    const spans = waiting;
    waiting = [];
    if (spans.length === 0) return;
    const resource = { attributes: [{ key: "service.name", value: { stringValue: "evx-server" } }] };
    const scopeSpans = [{ scope: { name: "evx" }, spans: spans.map(wire) }];
    try {
      const response = await fetch(address, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] }),
        signal: AbortSignal.timeout(3 * second_ms),
      });
      await response.text();
      if (!response.ok) throw new Error(`The collector answered ${response.status}`);
    } catch (error) {
      log.warn({ error, spans: spans.length }, "spans could not be handed over and are dropped");
    }
  };
  const timer = setInterval(() => void flush(), every_ms);
  timer.unref();
  return {
    end: (span) => {
      if (waiting.length < most) waiting.push(span);
    },
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
};
