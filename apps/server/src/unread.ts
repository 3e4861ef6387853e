import { networkOf, second_ms, siteOf } from "@evx/kernel";
import type { Context } from "hono";
import type { Repeats } from "./repeats.ts";

/** Shorter ones are read before anything is done. */
export const small_bytes = 1_000_000;

/** What a client still sends after it was refused is taken in up to here, for so long, and no faster. */
const drain_bytes = 32_000_000;
const drain_ms = 10 * second_ms;
const drain_bytesPerSecond = 40_000_000;
/** One that sends nothing for this long waits for the answer before it sends. */
const silent_ms = 500;

/** After an answer to a body that was not taken in whole, so long passes until the connection is closed: time to read it. */
const linger_ms = 500;
/** What lies between sender and server by then, about. */
const linger_bytes = 8_000_000;

/** What one network may send in vain each minute, and how many senders are listened to at once; others are cut off. */
const window_ms = 60 * second_ms;
const inVain_bytes = 100_000_000;
const mostAtOnce = 16;

/** How much networks have sent in vain in this minute, and how many are being listened to. */
const createPatience = () => {
  const spent = new Map<string, number>();
  let [since, listening] = [performance.now(), 0];
  /** Seconds until a network that has used up its share has another; null for all others. */
  const spentFor = (network: string): number | null => {
    const past = performance.now() - since;
    if (past > window_ms) {
      spent.clear();
      since = performance.now();
    }
    return (spent.get(network) ?? 0) >= inVain_bytes ? Math.ceil((window_ms - past) / second_ms) : null;
  };
  return {
    spentFor,
    /** False for a network that has used up its share, or when enough others are listened to. */
    async listen(network: string, work: () => Promise<number>): Promise<boolean> {
      if (listening >= mostAtOnce || spentFor(network) !== null) return false;
      listening++;
      try {
        const taken = await work();
        spent.set(network, (spent.get(network) ?? 0) + taken);
        return true;
      } finally {
        listening--;
      }
    },
  };
};

/** What is needed of a stream's reader; the runtime and its types have more than one kind. */
type Reader = {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<unknown>;
};

/**
 * A large body, lent to whoever reads uploads: they take hold of it for good, through parsers and counters, and what they leave
 * could be taken in by nobody. So its one reader stays here, and theirs is a stream of what it reads.
 */
const lent = (body: ReadableStream<Uint8Array>): { reader: Reader; stream: ReadableStream<Uint8Array> } => {
  const reader: Reader = body.getReader();
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(to) {
        const { done, value } = await reader.read();
        if (done) to.close();
        else if (value) to.enqueue(value);
      },
      // Who reads no further leaves the rest to us.
      cancel() {},
    },
    { highWaterMark: 0 },
  );
  return { reader, stream };
};

/** Takes in what is left of a body, in bounded size, time and speed: how much came, and whether it was all. */
const takeRest = async (reader: Reader): Promise<{ taken: number; whole: boolean }> => {
  const start = performance.now();
  let taken = 0;
  try {
    while (taken <= drain_bytes && performance.now() - start < drain_ms) {
      const part = await Promise.race([reader.read(), Bun.sleep(silent_ms)]);
      if (!part) break;
      if (part.done) return { taken, whole: true };
      taken += part.value?.byteLength ?? 0;
      // Whoever is read slowly sends slowly: others' requests come first.
      const due = start + (taken / drain_bytesPerSecond) * second_ms;
      if (due > performance.now()) await Bun.sleep(due - performance.now());
    }
  } catch {
    // The client went away.
    return { taken, whole: true };
  }
  return { taken, whole: false };
};

/** The answer at once and the connection's end a moment later, so that senders read the one before they meet the other. */
const lingering = (answer: Response): Response => {
  const reader = answer.body?.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(to) {
      const part = await reader?.read();
      if (part?.value) return to.enqueue(part.value);
      await Bun.sleep(linger_ms);
      to.close();
    },
  });
  const headers = new Headers(answer.headers);
  headers.set("connection", "close");
  headers.delete("content-length");
  return new Response(body, { status: answer.status, headers });
};

/** Ends a connection whose body nobody wants: its sender finds it broken, and may find the answer. */
const cut = async (
  c: Context,
  body: { cancel(): Promise<unknown> } | null,
  answer: Response,
): Promise<void> => {
  await body?.cancel().catch(() => {});
  c.res = answer;
  c.header("connection", "close");
};

/**
 * A refusal while the client still sends is not read by clients that write first and read later (Python's urllib): a
 * connection that is closed under them is a broken pipe. So the rest is taken in, up to a bound, before the answer goes. What
 * is longer is not taken in at all; its sender has a moment to read the answer. One network's bodies that were sent in vain
 * have a bound as well: beyond it connections are cut, large ones before anybody looks at them, for taking them in would take
 * the others' time. `refusal` is what is answered then.
 */
export const unreadBodies = (refusal: (c: Context, seconds: number) => Response, repeats: Repeats) => {
  const patience = createPatience();
  return async (c: Context, next: () => Promise<void>): Promise<void> => {
    const { raw } = c.req;
    if (!raw.body) return next();
    const ip: string = c.get("ip");
    const network = siteOf(ip) ?? networkOf(ip);
    const length = Number(raw.headers.get("content-length") ?? Number.POSITIVE_INFINITY);
    const seconds = length > small_bytes ? patience.spentFor(network) : null;
    if (seconds !== null) {
      // Not a byte is read meanwhile: what is on its way fills the network's buffers, and its sender waits.
      await repeats.pause(ip);
      return cut(c, raw.body, refusal(c, seconds));
    }
    const large = length > small_bytes ? lent(raw.body) : null;
    if (large) {
      const { method, headers, signal } = raw;
      c.req.raw = new Request(raw.url, { method, headers, signal, body: large.stream });
    }
    await next();
    // A small one that was read whole is locked or has ended; of one that was read in part the rest is still to come.
    const { body } = c.req.raw;
    if (c.res.status < 400 || !body || (!large && body.locked)) return;
    const reader = large?.reader ?? body.getReader();
    const heard = await patience.listen(network, async () => {
      const isLong = length > drain_bytes && length !== Number.POSITIVE_INFINITY;
      const { taken, whole } = isLong ? { taken: 0, whole: false } : await takeRest(reader);
      if (whole) return taken;
      c.res = lingering(c.res);
      return taken + linger_bytes;
    });
    if (heard) return;
    await repeats.pause(ip);
    await cut(c, reader, c.res);
  };
};
