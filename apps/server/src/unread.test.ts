/** What a client sends after it was refused: read by whoever reads late, bounded for whoever goes on. */
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { connect } from "node:net";
import { Hono } from "hono";
import { createRepeats } from "./repeats.ts";
import { unreadBodies } from "./unread.ts";

setDefaultTimeout(60_000);

/** A server that refuses every body, by what its path says; each of its own, since networks have shares. */
const refusing = () => {
  const app = new Hono<{ Variables: { ip: string } }>();
  app.use(async (c, next) => {
    c.set("ip", "203.0.113.7");
    await next();
  });
  const refusal = (_: unknown, seconds: number) => Response.json({ seconds }, { status: 429 });
  app.use(unreadBodies(refusal, createRepeats()));
  app.post("/halfway", async (c) => {
    // Somebody began to read, and refuses while the rest comes.
    const reader = c.req.raw.body?.getReader();
    await reader?.read();
    reader?.releaseLock();
    return c.json({ code: "refused" }, 415);
  });
  app.post("/*", (c) => c.json({ code: "refused" }, 413));
  const server = Bun.serve({ port: 0, maxRequestBodySize: Number.MAX_SAFE_INTEGER, fetch: app.fetch });
  servers.push(server);
  return server.port ?? 0;
};

const servers: Bun.Server<undefined>[] = [];
afterAll(() => Promise.all(servers.map((server) => server.stop(true))));

/** Sends and sends, whatever is answered, until it is cut off or has sent so much. */
const deaf = (port: number, path: string, length: number, most: number) =>
  new Promise<{ answer: string; sent: number; cut: boolean }>((done) => {
    const socket = connect(port, "127.0.0.1");
    const part = Buffer.alloc(256_000, 32);
    let [sent, answer] = [0, ""];
    const end = (cut: boolean) => {
      socket.destroy();
      done({ answer, sent, cut });
    };
    const more = () => {
      while (sent < most) {
        sent += part.length;
        if (!socket.write(part)) return void socket.once("drain", more);
      }
      end(false);
    };
    socket.on("connect", () => {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`);
      more();
    });
    socket.on("data", (bytes) => {
      answer += bytes.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => end(true));
  });

test("whoever goes on sending after the answer is cut off, and had the answer", async () => {
  for (const path of ["/", "/halfway"]) {
    const { answer, sent, cut } = await deaf(refusing(), path, 4_000_000_000, 1_000_000_000);
    expect([path, cut]).toEqual([path, true]);
    expect(sent).toBeLessThan(100_000_000);
    expect(answer).toMatch(/^HTTP\/1\.1 41[35] [\s\S]*"refused"/);
  }
});

test("a body that is short enough is taken in whole, and the connection lives on", async () => {
  const port = refusing();
  for (const length of [1, 3_000_000]) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "x".repeat(length) });
    expect([answer.status, answer.headers.get("connection")]).not.toContain("close");
    expect(await answer.json()).toEqual({ code: "refused" });
  }
});

test("beyond its share a network's bodies are cut off before anything of them is taken in", async () => {
  const port = refusing();
  const length = 30_000_000;
  for (let sent = 0; sent < 120_000_000; sent += length) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: new Uint8Array(length) });
    expect(answer.status).toBe(413);
    await answer.body?.cancel();
  }
  // What was on its way when it was cut off counts as sent.
  const { cut, sent } = await deaf(port, "/", length, length);
  expect([cut, sent < length]).toEqual([true, true]);
});
