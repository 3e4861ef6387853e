import { refuseBusy, second_ms } from "@evx/kernel";
import { refuseCall } from "@evx/rpc";

/** A small body that takes longer holds a place that others need. */
const patience_ms = 15 * second_ms;
/** What small bodies may take of memory together while they arrive. */
const together_bytes = 256_000_000;

let arriving_bytes = 0;

const tooLarge = (limit: number) =>
  refuseCall("body_too_large", { limit: `${Math.round(limit / 1_000)} kB` });

/** What a reader says next, or that it took too long. */
const nextOf = async (reader: Pick<ReadableStreamDefaultReader<Uint8Array>, "read">, end: number) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), Math.max(0, end - performance.now()));
  });
  try {
    return await Promise.race([reader.read(), late]);
  } catch (cause) {
    // Its sender went away: nobody reads this, and it is no fault of ours.
    throw refuseCall("body_unreadable", { expected: "a whole message" }, { cause });
  } finally {
    clearTimeout(timer);
  }
};

/**
 * A small body, whole. Refuses `body_too_large` beyond `limit` bytes, whether the length was declared or not, `body_slow` for one
 * that is dribbled, and `server_busy` when all that arrive at once are more than memory is meant for.
 */
export const arrived = async (request: Request, limit: number, patience = patience_ms): Promise<Buffer> => {
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge(limit);
  if (!request.body) return Buffer.alloc(0);
  const reader = request.body.getReader();
  const end = performance.now() + patience;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const next = await nextOf(reader, end);
      if (next === null) throw refuseCall("body_slow", { seconds: Math.round(patience / second_ms) });
      if (next.done) return Buffer.concat(chunks);
      size += next.value.byteLength;
      arriving_bytes += next.value.byteLength;
      if (size > limit) throw tooLarge(limit);
      if (arriving_bytes > together_bytes) throw refuseBusy("server_busy", { seconds: 5 });
      chunks.push(next.value);
    }
  } finally {
    arriving_bytes -= size;
    // Whoever refuses lets the rest be taken in, so that the refusal is read.
    reader.releaseLock();
  }
};
