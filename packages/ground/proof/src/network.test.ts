import { afterAll, expect, test } from "bun:test";
import { monitor, overNetwork } from "./monitor.ts";
import { overNetworkUpTo } from "./network.ts";

let busy = 2;
const server = Bun.serve({
  port: 0,
  fetch: (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/busy" && busy-- > 0)
      return new Response("", { status: 503, headers: { "retry-after": "0.01" } });
    if (pathname === "/busy") return new Response("at last");
    if (pathname === "/short") return new Response("x".repeat(1_000));
    if (pathname === "/nothing") return new Response("", { status: 404 });
    // Never ends.
    return new Response(new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(1_000_000)) }));
  },
});
afterAll(() => server.stop(true));
const url = `http://127.0.0.1:${server.port}`;

test("an answer that never ends is broken off with a sentence, in bounded memory", async () => {
  const fetch = overNetworkUpTo(20_000_000);
  const before = process.memoryUsage().rss;
  expect(fetch(`${url}/endless`)).rejects.toThrow(`${url}/endless answers more than 20000000 bytes.`);
  const { faults } = await monitor({ url, fetch });
  expect(faults).toEqual([`${url}/.well-known/evx-registry.json answers more than 20000000 bytes.`]);
  expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
});

test("what is there is read whole, what is not is nothing, and a busy server is asked again", async () => {
  expect((await overNetwork(`${url}/short`))?.length).toBe(1_000);
  expect(await overNetwork(`${url}/nothing`)).toBeNull();
  expect(new TextDecoder().decode((await overNetwork(`${url}/busy`)) ?? undefined)).toBe("at last");
});
