import type { Bytes } from "./bytes.ts";
import type { Fetch } from "./replay.ts";

/** More than the longest answer that is wanted: the leaves of a batch of two million trips. */
const mostBytes = 400_000_000;

/** So long an answer may take by itself, and so many bytes a second it must bring after that. */
const patience_ms = 30_000;
const leastRate = 10_000;

/** An address may be sent on to another of its own host so often. */
const mostHops = 3;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** An answer's bytes, read as they come: one that never ends takes no more memory than is allowed. */
const bytesOf = async (
  response: Response,
  { address, most, took }: { address: string; most: number; took: (length: number) => void },
): Promise<Bytes> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    length += part.value.length;
    took(length);
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

/** The same host at the same port; its usual one where http sends on to https. */
const isSameHost = (from: URL, to: URL): boolean =>
  to.hostname === from.hostname &&
  (to.protocol === from.protocol ? to.port === from.port : to.protocol === "https:" && to.port === "");

/** Where an answer sends on to, if that is the same host: whom you asked does not choose whom else you ask. */
const sentOn = (response: Response, address: string): string | null => {
  if (response.type === "opaqueredirect") throw new Error(`${address} sends on to another address.`);
  const place = response.headers.get("location");
  if (response.status < 300 || response.status > 399 || place === null) return null;
  const [from, to] = [new URL(address), URL.canParse(place, address) ? new URL(place, address) : null];
  if (!to || !isSameHost(from, to))
    throw new Error(`${address} sends on to ${to?.origin ?? "nowhere"}: ask there yourself if you trust it.`);
  return to.href;
};

/** What a runtime says went wrong; some say it of the cause alone. */
const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return (cause instanceof Error && cause.message ? cause.message : message).replace(/\.$/, "");
};

/** Runs a request that is broken off when it brings less than it must. */
const inTime = async <T>(
  address: string,
  run: (signal: AbortSignal, took: (length: number) => void) => Promise<T>,
): Promise<T> => {
  const control = new AbortController();
  const [begun, slow] = [performance.now(), new Error(`${address} answers too slowly.`)];
  let length = 0;
  const watch = setInterval(() => {
    const late_ms = performance.now() - begun - patience_ms;
    if (late_ms > 0 && length < (late_ms / 1_000) * leastRate) control.abort(slow);
  }, 1_000);
  try {
    return await run(control.signal, (now) => {
      length = now;
    });
  } catch (error) {
    if (control.signal.aborted) throw slow;
    // A runtime's own word for what went wrong names no address.
    const own = error instanceof Error && error.message.startsWith(address);
    if (own) throw error;
    throw new Error(`${address} cannot be read: ${wordsOf(error)}.`, { cause: error });
  } finally {
    clearInterval(watch);
  }
};

/** Over the network, in any runtime that has `fetch`, up to so many bytes an answer. Comes again later when it is told to. */
export const overNetworkUpTo =
  (mostEver: number): Fetch =>
  async (asked, most = mostEver) => {
    let [address, hops] = [asked, 0];
    for (let round = 0; ; round++) {
      const answer = await inTime(address, async (signal, took) => {
        const response = await globalThis.fetch(address, { signal, redirect: "manual" });
        const next = sentOn(response, address);
        if (next !== null && hops++ >= mostHops) throw new Error(`${address} sends on without end.`);
        if (next !== null) return { again: { address: next, wait_ms: 0 } };
        const busy = response.status === 429 || response.status === 503;
        if (busy && round < 5) {
          await response.body?.cancel();
          const wait_s = Number(response.headers.get("retry-after") ?? 1) || 1;
          return { again: { address, wait_ms: Math.min(30, Math.max(0, wait_s)) * 1_000 } };
        }
        const limits = { address, most: Math.min(most, mostEver), took };
        // What is not there is nothing; a server that cannot or will not answer says nothing about that.
        if (!response.ok && response.status !== 404 && response.status !== 410) {
          await response.body?.cancel();
          throw new Error(`${address} answers with HTTP status ${response.status}.`);
        }
        return { again: null, bytes: response.ok ? await bytesOf(response, limits) : null };
      });
      if (!answer.again) return answer.bytes;
      address = answer.again.address;
      await pause(answer.again.wait_ms);
    }
  };

export const overNetwork: Fetch = overNetworkUpTo(mostBytes);
