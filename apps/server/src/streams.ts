import { onceFor, second_ms } from "@evx/kernel";
import { type Context, type Stream, streamFrom, streamOf } from "@evx/rpc";
import {
  type AnyTRPCProcedure,
  type AnyTRPCRouter,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  TRPCError,
} from "@trpc/server";

/** So many values wait for a reader; behind that it is told the newest of each thing once it reads again. */
const WAITING = 16;

/** A reader who takes nothing for so long has gone without a word. */
const PATIENCE_MS = 30 * second_ms;

const TICK_MS = 500;

const headers = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
  connection: "keep-alive",
  vary: "trpc-accept, accept",
};

const text = new TextEncoder();

/** One event as tRPC writes it: its fields, then two empty lines. */
const eventOf = (data: string, name?: string): Uint8Array =>
  text.encode(`${name ? `event: ${name}\n` : ""}data: ${data}\n\n\n`);

const ping = eventOf("", "ping");

const framesOf = onceFor((_: object) => new Map<string, Uint8Array>());
const jsonOf = onceFor((data: object) => JSON.stringify(data));

/** A value's event. News whose `data` all watchers share is written once for all that call it by the same id. */
const frameOf = (value: unknown): Uint8Array => {
  const { id, data } = Object(value) as { id?: unknown; data?: unknown };
  const isShared = typeof id === "string" && typeof data === "object" && data !== null;
  if (!isShared || Object.keys(value as object).length !== 2) return eventOf(JSON.stringify(value));
  const frames = framesOf(data);
  const frame = frames.get(id) ?? eventOf(`{"id":${JSON.stringify(id)},"data":${jsonOf(data)}}`);
  frames.set(id, frame);
  return frame;
};

type Reader = { tick(now: number): void };

/** Looks after all open streams by one clock: pings the silent, lets go who reads no more. */
const readers = new Set<Reader>();
let ticking: ReturnType<typeof setInterval> | undefined;

const attend = (reader: Reader): (() => void) => {
  readers.add(reader);
  ticking ??= setInterval(() => {
    const now = performance.now();
    for (const one of readers) one.tick(now);
  }, TICK_MS);
  return () => {
    readers.delete(reader);
    if (readers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
};

type Writing = {
  /** What the reader's client is told when it is connected. */
  client: object;
  pingMs: number;
  patienceMs: number;
  errorEvent: (error: unknown) => Uint8Array;
  /** Aborted when the reader is gone; to be called when nothing more is told. */
  gone: AbortController;
};

/** The body of an answer that tells of a stream until it is over or its reader leaves. */
const bodyOf = (stream: Stream<unknown>, { client, pingMs, patienceMs, errorEvent, gone }: Writing) => {
  // The newest of each thing, of what came while the reader was behind.
  const late = new Map<string, unknown>();
  let [told, lateSince] = [performance.now(), 0];
  let leave = () => {};
  let end = () => {};
  const start = (to: ReadableStreamDefaultController<Uint8Array>) => {
    const say = (frame: Uint8Array) => {
      told = performance.now();
      to.enqueue(frame);
    };
    const isBehind = () => (to.desiredSize ?? 0) <= 0;
    const rest = attend({
      tick(now) {
        if (late.size > 0 && now - lateSince > patienceMs) {
          end();
          to.error(new Error("The reader takes nothing any more."));
        } else if (now - told >= pingMs && !isBehind()) say(ping);
      },
    });
    end = () => {
      rest();
      leave();
      gone.abort();
    };
    say(eventOf(JSON.stringify(client), "connected"));
    leave = stream.follow({
      tell(value) {
        if (late.size === 0 && !isBehind()) return say(frameOf(value));
        if (late.size === 0) lateSince = performance.now();
        late.set(stream.slot(value), value);
      },
      over(error) {
        end();
        for (const value of late.values()) say(frameOf(value));
        say(error === undefined ? eventOf("", "return") : errorEvent(error));
        to.close();
      },
    });
  };
  const pull = (to: ReadableStreamDefaultController<Uint8Array>) => {
    for (const value of late.values()) to.enqueue(frameOf(value));
    late.clear();
  };
  return new ReadableStream<Uint8Array>({ start, pull, cancel: () => end() }, { highWaterMark: WAITING });
};

type Asked = { request: Request; path: string; context: Context; patienceMs?: number };

/** A stream that breaks before it begins, which is how tRPC says that one is refused. */
const broken = (error: unknown): Stream<never> =>
  streamOf((to) => {
    to.over(error);
    return () => {};
  });

/**
 * Answers a subscription as tRPC would, byte for byte, so that its clients and their types stay; null for what is none.
 * tRPC's own producer takes some twenty promises for each value and reader, and writes each value anew: two thousand tabs
 * would hear of a bid after a third of a second. Here a value is written once, and handed to whoever follows.
 */
export const streamAnswer = async (
  router: AnyTRPCRouter,
  { request, path, context, patienceMs = PATIENCE_MS }: Asked,
): Promise<Response | null> => {
  const procedures = router._def.procedures as Record<string, AnyTRPCProcedure>;
  const procedure = Object.hasOwn(procedures, path) ? procedures[path] : undefined;
  const query = new URL(request.url).searchParams;
  const isOurs = request.method === "GET" && query.get("batch") !== "1";
  if (!isOurs || procedure?._def.type !== "subscription") return null;
  const { sse, ...config } = router._def._config;
  const gone = new AbortController();
  const signal = AbortSignal.any([request.signal, gone.signal]);
  const errorEvent = (thrown: unknown): Uint8Array => {
    const error = getTRPCErrorFromUnknown(thrown);
    const about = { error, type: "subscription" as const, path, input: undefined, ctx: context };
    return eventOf(JSON.stringify(getTRPCErrorShape({ config, ...about })), "serialized-error");
  };
  const getRawInput = async (): Promise<unknown> => {
    const given = query.get("input");
    try {
      return given ? JSON.parse(given) : undefined;
    } catch (cause) {
      throw new TRPCError({ code: "BAD_REQUEST", message: "The input is no JSON.", cause });
    }
  };
  const call = { ctx: context, path, type: "subscription" as const, signal, batchIndex: 0, getRawInput };
  const stream = await procedure(call).then(streamFrom, broken);
  const writing = {
    client: sse?.client ?? {},
    pingMs: sse?.ping?.enabled ? (sse.ping.intervalMs ?? second_ms) : Number.POSITIVE_INFINITY,
    ...{ errorEvent, gone, patienceMs },
  };
  return new Response(bodyOf(stream, writing), { headers });
};
