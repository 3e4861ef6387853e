/**
 * What passes by itself: a database that is away, rows that others hold, more than the machine can do, a restart. Each is
 * said in a sentence with the time to ask again, and is over without a restart. The server speaks to its database through a
 * wire that the test can cut.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { connect, createServer, type Socket } from "node:net";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { compose, type Runtime, readConfig } from "@evx/runtime";
import { freePorts } from "@evx/tooling/ports";
import { restClient } from "./rest-client.ts";
import { serve } from "./serve.ts";

setDefaultTimeout(120_000);

/** A wire to a database: cut, it ends what goes through it and takes nothing new. */
const wireTo = async (host: string, port: number) => {
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((here) => {
    if (!whole) return void here.destroy();
    const there = connect(port, host);
    for (const [one, other] of [
      [here, there],
      [there, here],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    cut() {
      whole = false;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      whole = true;
    },
    close() {
      this.cut();
      server.close();
    },
  };
};

const started = async (settings: Record<string, string> = {}) => {
  const database = await testDatabase();
  const direct = new URL(database.url.replace(/role(=|%3D)\w+/, "role$1evx_serving"));
  const wire = await wireTo(direct.hostname, Number(direct.port || 5432));
  direct.hostname = "127.0.0.1";
  direct.port = String(wire.port);
  // As `ensureLogin` sets it for the server's login, and shorter.
  const options = `${direct.searchParams.get("options") ?? ""} -c lock_timeout=300`;
  direct.searchParams.set("options", options.trim());
  const port = await freePorts();
  const config = readConfig({
    NODE_ENV: "test",
    PORT: String(port),
    DATABASE_URL: direct.toString(),
    RATE_LIMIT_PER_MINUTE: "100000",
    BCRYPT_COST: "4",
    LOG_LEVEL: "silent",
    ...settings,
  });
  const runtime: Runtime = await compose(config, "faults");
  const server = serve(runtime, { port, hostname: "localhost" });
  const url = `http://localhost:${port}`;
  const rest = restClient(url);
  const person = { email: "f@faults.example", password: "a-long-password-1", fullName: "Faults" };
  await rest.post("/api/users/register", { ...person, role: "buyer" });
  const login = () => rest.post("/api/users/login", person);
  const token = (await login()).text("token");
  return {
    ...{ url, rest, token, login, database, wire, server, runtime },
    async close() {
      runtime.live.stop();
      await server.stop(true);
      await runtime.close();
      wire.close();
      await database.close();
    },
  };
};

type World = Awaited<ReturnType<typeof started>>;

let world: World;
beforeAll(async () => {
  world = await started();
});
afterAll(() => world.close());

const profile = ({ rest, token }: World = world) => rest.get("/api/users/profile", { token });

describe("a database that is away", () => {
  test("is a 503 with a sentence and Retry-After on every path, and over without a restart", async () => {
    expect((await profile()).status).toBe(200);
    world.wire.cut();
    const ways = [
      () => profile(),
      () => world.login(),
      () => world.rest.get("/api/marketplace/listings"),
      () => world.rest.put("/api/users/profile", { phone: "+84 90 123 45 67" }, { token: world.token }),
      () => world.rest.get("/trpc/identity.me", { token: world.token }),
    ];
    for (const [at, way] of ways.entries()) {
      const answer = await way();
      const code = answer.at("error.data.code") ?? answer.at("error.code");
      expect([at, answer.status, code]).toEqual([at, 503, "database_away"]);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(JSON.stringify(answer.body)).toContain("cannot reach our records");
    }
    expect((await world.rest.get("/health/ready")).status).toBe(503);
    expect((await world.rest.get("/health/live")).status).toBe(200);
    world.wire.mend();
    expect((await profile()).status).toBe(200);
    // One look at the database answers everybody who asks within half a second.
    await Bun.sleep(600);
    expect((await world.rest.get("/health/ready")).status).toBe(200);
  });

  test("on a row that somebody else holds nobody waits for long: 503, and the row is free again afterwards", async () => {
    const change = () =>
      world.rest.put("/api/users/profile", { phone: "+84 90 123 45 68" }, { token: world.token });
    let free = () => {};
    const held = world.database.admin.transaction().execute(async (tx) => {
      await sql`select 1 from identity."user" for update`.execute(tx);
      await new Promise<void>((done) => {
        free = done;
        setTimeout(done, 20_000);
      });
    });
    await Bun.sleep(100);
    const began = performance.now();
    const answer = await change();
    expect([answer.status, answer.at("error.code")]).toEqual([503, "database_busy"]);
    expect(answer.headers.get("retry-after")).toBe("2");
    expect(performance.now() - began).toBeLessThan(5_000);
    free();
    await held;
    expect((await change()).status).toBe(200);
  });
});

describe("more than one machine can do", () => {
  test("is told so at once; whoever was let in is answered, and who watches always is", async () => {
    const small = await started({ REQUESTS_AT_ONCE: "10" });
    try {
      const all = Promise.all(Array.from({ length: 80 }, () => small.login()));
      const watched = await small.rest.get("/health");
      expect(watched.status).toBe(200);
      const answers = await all;
      const busy = answers.filter(({ status }) => status === 503);
      expect(busy.length).toBeGreaterThan(20);
      expect(busy.every((answer) => answer.at("error.code") === "server_busy")).toBe(true);
      expect(busy.every(({ headers }) => Number(headers.get("retry-after")) > 0)).toBe(true);
      expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(10);
      expect((await profile(small)).status).toBe(200);
    } finally {
      await small.close();
    }
  });
});

describe("a server that is told to end", () => {
  test("is not ready first, answers what runs, sends streams elsewhere, and closes its pool last", async () => {
    const going = await started({ DRAIN_SECONDS: "2" });
    try {
      const stream = await fetch(`${going.url}/trpc/notifications.watch`, {
        headers: { authorization: `Bearer ${going.token}` },
      });
      const told = stream.text();
      const streams = JSON.stringify({ streams: [{ id: "a", path: "notifications.watch" }] });
      const many = await fetch(`${going.url}/trpc/live.many?input=${encodeURIComponent(streams)}`, {
        headers: { authorization: `Bearer ${going.token}` },
      });
      const toldMany = many.text();
      // A sender who takes longer than the drain: its request runs while the server leaves.
      let send = (_: string) => {};
      let end = () => {};
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          send = (text) => controller.enqueue(new TextEncoder().encode(text));
          end = () => controller.close();
        },
      });
      send('{"phone":');
      const slow = fetch(`${going.url}/api/users/profile`, {
        method: "PUT",
        headers: { authorization: `Bearer ${going.token}`, "content-type": "application/json" },
        body,
      });
      await Bun.sleep(100);
      const left = going.server.leave();
      await Bun.sleep(50);
      // While balancers notice, everybody is served as before.
      const ready = await going.rest.get("/health/ready");
      expect([ready.status, ready.at("status")]).toEqual([503, "leaving"]);
      const still = await profile(going);
      expect([still.status, still.headers.get("connection")]).toEqual([200, "close"]);
      await Bun.sleep(1_400);
      // Shortly before the door is closed, a balancer that has another server is sent there; nobody else is.
      const balancer = { "x-other-servers": "yes" };
      const own = { authorization: `Bearer ${going.token}`, "content-type": "application/json" };
      const asked = async (method: string, path: string, headers: Record<string, string>) =>
        (await fetch(going.url + path, { method, headers, ...(method === "POST" && { body: "{}" }) })).status;
      expect([
        await asked("GET", "/api/users/profile", { ...own, ...balancer }),
        await asked("GET", "/api/users/profile", own),
        await asked("POST", "/trpc/notifications.readAll", { ...own, ...balancer }),
        await asked("GET", "/health/live", balancer),
      ]).toEqual([502, 200, 200, 200]);
      await Bun.sleep(1_500);
      send('"+84 90 123 45 69"}');
      end();
      expect((await slow).status).toBe(200);
      for (const text of [await told, await toldMany])
        expect(text).toMatch(/event: serialized-error\ndata: \{.*"server_leaving"/);
      await left;
      await expect(profile(going)).rejects.toThrow();
    } finally {
      await going.close();
    }
  });
});
