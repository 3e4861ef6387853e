import { afterAll, expect, test } from "bun:test";
import { monitor, overNetwork } from "./monitor.ts";
import { overNetworkUpTo } from "./network.ts";

let busy = 2;
/** A gigabyte of nothing, packed. */
const bomb = Bun.gzipSync(new Uint8Array(1_000_000_000));
const server = Bun.serve({
  port: 0,
  fetch: (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/busy" && busy-- > 0)
      return new Response("", { status: 503, headers: { "retry-after": "0.01" } });
    if (pathname === "/busy") return new Response("at last");
    if (pathname === "/short") return new Response("x".repeat(1_000));
    if (pathname === "/away") return Response.redirect("http://169.254.169.254/latest", 302);
    if (pathname === "/file")
      return new Response("", { status: 302, headers: { location: "file:///etc/passwd" } });
    if (pathname === "/round") return Response.redirect(new URL("/round", request.url).href, 302);
    if (pathname === "/moved") return new Response("", { status: 301, headers: { location: "/short" } });
    if (pathname === "/bomb") return new Response(bomb, { headers: { "content-encoding": "gzip" } });
    if (pathname === "/broken") return new Response(Uint8Array.of(0xff, 0xfe));
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
  expect(faults).toEqual([`${url}/.well-known/evx-registry.json answers more than 4000000 bytes.`]);
  expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
});

test("what is there is read whole, what is not is nothing, and a busy server is asked again", async () => {
  expect((await overNetwork(`${url}/short`))?.length).toBe(1_000);
  expect(await overNetwork(`${url}/nothing`)).toBeNull();
  expect(new TextDecoder().decode((await overNetwork(`${url}/busy`)) ?? undefined)).toBe("at last");
});

test("an answer that sends on to another host, to a file or in a circle is named; to another place of its own it is followed", async () => {
  expect(overNetwork(`${url}/away`)).rejects.toThrow("sends on to http://169.254.169.254");
  expect(overNetwork(`${url}/file`)).rejects.toThrow("sends on to ");
  expect(overNetwork(`${url}/round`)).rejects.toThrow("sends on without end");
  expect((await overNetwork(`${url}/moved`))?.length).toBe(1_000);
});

test("a packed answer that unpacks to more than is wanted is broken off", async () => {
  const before = process.memoryUsage().rss;
  await expect(overNetwork(`${url}/bomb`, 4_000_000)).rejects.toThrow("answers more than 4000000 bytes");
  expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
});

test("a host that is not there, and bytes that are no text, are named", async () => {
  const { faults } = await monitor({ url: "http://127.0.0.1:1", fetch: overNetwork });
  expect(faults[0]).toContain("http://127.0.0.1:1/.well-known/evx-registry.json cannot be read");
  const broken = await monitor({ url, fetch: () => overNetwork(`${url}/broken`) });
  expect(broken.faults[0]).toContain("answers bytes that are no text");
});
