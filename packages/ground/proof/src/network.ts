import type { Bytes } from "./bytes.ts";
import type { Fetch } from "./replay.ts";

/** More than the longest answer that is wanted: the leaves of a batch of two million trips. */
const mostBytes = 400_000_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** An answer's bytes, read as they come: one that never ends takes no more memory than is allowed. */
const bytesOf = async (response: Response, address: string, most: number): Promise<Bytes> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    length += part.value.length;
    if (length > most) {
      await reader?.cancel();
      throw new Error(`${address} answers more than ${most} bytes.`);
    }
    parts.push(part.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

/** Over the network, in any runtime that has `fetch`, up to so many bytes an answer. Comes again later when it is told to. */
export const overNetworkUpTo =
  (most: number): Fetch =>
  async (address) => {
    for (let round = 0; ; round++) {
      const response = await globalThis.fetch(address, { signal: AbortSignal.timeout(30_000) });
      const busy = response.status === 429 || response.status === 503;
      if (!busy || round === 5) return response.ok ? bytesOf(response, address, most) : null;
      await pause(Math.min(30, Number(response.headers.get("retry-after") ?? 1) || 1) * 1_000);
    }
  };

export const overNetwork: Fetch = overNetworkUpTo(mostBytes);
