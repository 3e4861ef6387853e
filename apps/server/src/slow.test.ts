/** Senders that take their time hold descriptors, and nobody's place. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { restClient } from "./rest-client.ts";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

setDefaultTimeout(60_000);

let world: LiveWorld;
beforeAll(async () => {
  world = await startLiveWorld({ REQUESTS_AT_ONCE: "10" });
});
afterAll(() => world.close());

test("thirty bodies that are dribbled keep nobody out, though the server works on ten requests at once", async () => {
  const { hostname, port } = new URL(world.url);
  const sockets: Socket[] = [];
  try {
    for (const path of ["/api/users/login", "/trpc/identity.login", "/api/payments/webhook/stripe"])
      for (let at = 0; at < 10; at++)
        await new Promise<void>((done) => {
          const socket = connect(Number(port), hostname, () => {
            const head = `POST ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json`;
            socket.write(`${head}\r\nContent-Length: 1000\r\n\r\n{`, () => done());
          });
          socket.on("error", () => {});
          sockets.push(socket);
        });
    await Bun.sleep(300);
    const rest = restClient(world.url);
    const nobody = { email: "nobody@slow.example", password: "a-long-password-1" };
    for (let at = 0; at < 5; at++) expect((await rest.post("/api/users/login", nobody)).status).toBe(401);
    expect((await rest.get("/api/marketplace/listings")).status).toBe(200);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});
