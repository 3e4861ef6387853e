/** A comment this often keeps proxies and the server from taking a quiet stream for a dead one. */
const PING_MS = 15_000;

/**
 * What a subscription yields as server-sent events, each as JSON; ends with the stream or with the reader. A reader who
 * comes back gets the present state first, so nothing is missed.
 */
export const eventStream = (events: AsyncIterable<unknown>, stop: () => void): Response => {
  const text = new TextEncoder();
  const reading = events[Symbol.asyncIterator]();
  let ping: ReturnType<typeof setInterval> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      ping = setInterval(() => controller.enqueue(text.encode(": still here\n\n")), PING_MS);
    },
    async pull(controller) {
      // A stream that breaks ends: its reader connects again, and gets the present state first.
      const { done, value } = await reading.next().catch(() => ({ done: true, value: undefined }));
      if (!done) return controller.enqueue(text.encode(`data: ${JSON.stringify(value)}\n\n`));
      clearInterval(ping);
      controller.close();
    },
    cancel() {
      clearInterval(ping);
      stop();
    },
  });
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
};
