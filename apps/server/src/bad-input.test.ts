/** What nobody should send: each is refused by a clear 4xx or turned away, and the others are served as before. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { restClient } from "./rest-client.ts";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

setDefaultTimeout(180_000);

let world: LiveWorld;
let host: string;
let port: number;
beforeAll(async () => {
  world = await startLiveWorld();
  ({ hostname: host } = new URL(world.url));
  port = Number(new URL(world.url).port);
});
afterAll(() => world.close());

/** What others wait for an answer: the middle of so many asked one after the other, in milliseconds. */
const served = async (): Promise<number> => {
  const times: number[] = [];
  for (let at = 0; at < 60; at++) {
    const began = performance.now();
    const answer = await fetch(`${world.url}/trpc/identity.me`);
    await answer.text();
    expect(answer.status).toBe(200);
    times.push(performance.now() - began);
  }
  return times.toSorted((one, other) => one - other)[30] ?? 0;
};

/** Below this a difference is the machine's own noise and nobody waits. */
const noise_ms = 3;

/** Compared in one run, before and meanwhile: no clock of a machine decides. */
const othersAreServed = async (meanwhile: () => Promise<number>): Promise<void> => {
  await served();
  const usual = await served();
  const during = await meanwhile();
  expect(during).toBeLessThan(Math.max(2 * usual, usual + noise_ms));
};

/** Sends a head and parts of a body until an answer comes; answers its status and how much was sent. */
const sends = (head: string, part: Buffer, most: number) =>
  new Promise<{ status: number; sent: number }>((done) => {
    const socket = connect(port, host);
    let sent = 0;
    let answer = "";
    const end = () => {
      socket.destroy();
      done({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0), sent });
    };
    const more = () => {
      while (sent < most) {
        sent += part.length;
        if (!socket.write(part)) return void socket.once("drain", more);
      }
    };
    socket.on("connect", () => {
      socket.write(head);
      more();
    });
    socket.on("data", (bytes) => {
      answer += bytes.toString("latin1");
      if (answer.includes("\r\n\r\n")) end();
    });
    socket.on("error", end);
    socket.on("close", end);
  });

const headOf = (path: string, type: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;

test("a body of a gigabyte is refused before it is all sent, and others are served meanwhile", async () => {
  const part = Buffer.alloc(256_000, 32);
  for (const [path, type] of [
    ["/trpc/identity.signIn", "application/json"],
    ["/api/users/login", "application/json"],
    ["/api/account/kyc/documents", "image/png"],
  ] as const) {
    await othersAreServed(async () => {
      const sending = sends(headOf(path, type, 1_000_000_000), part, 1_000_000_000);
      const during = await served();
      const { status, sent } = await sending;
      expect([path, status === 401 || status === 413, status]).toEqual([path, true, status]);
      expect(sent).toBeLessThan(100_000_000);
      return during;
    });
  }
});

test("a header of a megabyte is refused", async () => {
  const head = `GET /trpc/identity.me HTTP/1.1\r\nHost: ${host}\r\nX-Long: ${"x".repeat(1_000_000)}\r\n\r\n`;
  await othersAreServed(async () => {
    const { status } = await sends(head, Buffer.alloc(0), 0);
    expect(status).toBe(431);
    return served();
  });
});

test("thousands of half-open connections keep nobody waiting", async () => {
  // Each takes a descriptor here and one in the server, which is this process as well.
  const limit = Number(new TextDecoder().decode(Bun.spawnSync(["sh", "-c", "ulimit -n"]).stdout));
  const wanted = Math.min(10_000, Math.floor((limit || 1_024) / 2) - 500);
  if (wanted < 10_000)
    console.log(`${wanted} half-open connections: this machine allows ${limit} descriptors`);
  const sockets: Socket[] = [];
  const open = () =>
    new Promise<void>((done) => {
      const socket = connect(port, host, () => {
        socket.write("POST /trpc/identity.signIn HTTP/1.1\r\nHost: ");
        done();
      });
      socket.on("error", () => done());
      sockets.push(socket);
    });
  try {
    await othersAreServed(async () => {
      for (let at = 0; at < wanted; at += 250) await Promise.all(Array.from({ length: 250 }, open));
      expect(sockets.filter(({ destroyed }) => !destroyed).length).toBeGreaterThan(wanted * 0.9);
      return served();
    });
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test("a batch of 500 and the name of a key with 61 characters are refused in words; one of 60 is not", async () => {
  const many = await fetch(`${world.url}/trpc/${Array(500).fill("identity.me").join(",")}?batch=1`);
  expect([many.status, await many.text()]).toEqual([400, expect.stringContaining('"batch_too_large"')]);
  const rest = restClient(world.url);
  const person = {
    email: "names@bad.example",
    password: "a-long-password-1",
    fullName: "Names",
    role: "buyer",
  };
  await rest.post("/api/users/register", person);
  const token = (await rest.post("/api/users/login", person)).text("token");
  const named = (name: string) =>
    rest.post("/trpc/identity.apiKeys.create", { name, scopes: ["*:read"] }, { token });
  expect((await named("x".repeat(60))).status).toBe(200);
  const long = await named("x".repeat(61));
  expect([long.status, long.text("error.data.code")]).toEqual([400, "input_invalid"]);
});
