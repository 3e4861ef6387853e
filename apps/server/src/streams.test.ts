/** Subscriptions as the server writes them, beside what tRPC's own producer writes of the same. */
import { expect, test } from "bun:test";
import { refusals } from "@evx/kernel";
import { type Follower, open, router, type Stream, streamOf } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { streamAnswer } from "./streams.ts";

const refuse = refusals({ closed: { kind: "forbidden", en: "It is closed.", vi: "Đã đóng." } });

/** As a schema refuses: with issues. */
const number = (value: unknown): { to: number } => {
  const { to } = Object(value) as { to?: unknown };
  if (typeof to !== "number")
    throw Object.assign(new Error("wrong"), { issues: [{ message: "Expected a number", path: ["to"] }] });
  return { to };
};

type Said = { id: string; data: unknown } | { id: string; refused: unknown };

const shared = { price: "10.00", words: "“Đấu giá”\n\u2028\\ </script>" };

/** What all who follow the hall are told: by hand, so that both producers are told the same at the same time. */
const hall = new Set<Follower<Said>>();
const tell = (said: Said) => {
  for (const one of hall) one.tell(said);
};

const rooms = router({
  hall: open.subscription(
    (): Stream<Said> =>
      streamOf<Said>(
        (to) => {
          hall.add(to);
          return () => hall.delete(to);
        },
        { slot: ({ id }) => id },
      ),
  ),
  ends: open.input(number).subscription(async function* ({ input }) {
    for (let n = 1; n <= input.to; n++) {
      yield { n };
      await Bun.sleep(1);
    }
  }),
  odd: open.subscription(async function* () {
    for (const value of [null, "text", 7, [1, { a: 1 }], { id: "a", data: shared, more: true }]) {
      yield value;
      await Bun.sleep(1);
    }
  }),
  breaks: open.subscription(async function* () {
    yield 1;
    throw refuse("closed");
  }),
  fails: open.subscription(async function* () {
    yield 1;
    throw new Error("A bug");
  }),
  refused: open.subscription((): Stream<number> => {
    throw refuse("closed");
  }),
  query: open.query(() => 1),
});

const asked = (path: string, search = "", method = "GET") =>
  new Request(`http://localhost/trpc/${path}${search}`, { method });

const theirs = (request: Request) =>
  fetchRequestHandler({
    endpoint: "/trpc",
    req: request,
    router: rooms,
    createContext: () => testContext({} as never, null),
  });

const ours = async (request: Request) => {
  const path = new URL(request.url).pathname.slice("/trpc/".length);
  const answer = await streamAnswer(rooms, { request, path, context: testContext({} as never, null) });
  if (!answer) throw new Error(`${path} is no stream`);
  return answer;
};

/** Over real HTTP: what is said to a socket that reads as long as it is told to. */
const served = async (patienceMs: number) => {
  const server = Bun.serve({
    port: 0,
    fetch: async (request) => {
      const asks = { request, path: "hall", context: testContext({} as never, null), patienceMs };
      return (await streamAnswer(rooms, asks)) ?? new Response(null, { status: 404 });
    },
  });
  const gone = Promise.withResolvers<void>();
  const socket = await Bun.connect({
    hostname: "localhost",
    port: Number(server.port),
    socket: { data() {}, close: () => gone.resolve(), error: () => gone.resolve() },
  });
  socket.write("GET /trpc/hall HTTP/1.1\r\nHost: localhost\r\n\r\n");
  while (hall.size === 0) await Bun.sleep(1);
  return { socket, gone: gone.promise, stop: () => server.stop(true) };
};

const both = async (path: string, search?: string) => {
  const answers = await Promise.all([ours, theirs].map((answer) => answer(asked(path, search))));
  return Promise.all(
    answers.map(async (answer) => ({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      text: await answer.text(),
    })),
  );
};

const input = (value: unknown) => `?input=${encodeURIComponent(JSON.stringify(value))}`;

test("what tRPC's producer would write is written byte for byte: events, ends, refusals, bugs, wrong input", async () => {
  for (const [path, search, holds] of [
    ["ends", input({ to: 3 }), 'data: {"n":3}\n\n\nevent: return'],
    ["ends", input({ to: 0 }), "event: return"],
    ["ends", input({ to: "three" }), '"input_invalid"'],
    ["ends", "?input=%7Bnot", '"body_unreadable"'],
    ["ends", "", '"input_invalid"'],
    ["odd", "", '"more":true'],
    ["breaks", "", '"closed"'],
    ["fails", "", '"server_fault"'],
    ["refused", "", "event: serialized-error"],
  ] as const) {
    const [mine, peer] = await both(path, search);
    expect(mine?.text).toContain(holds);
    expect(mine).toEqual(peer as NonNullable<typeof peer>);
  }
});

test("news that all share is written like news that nobody shares", async () => {
  const reading = both("hall");
  while (hall.size < 2) await Bun.sleep(1);
  for (const said of [
    { id: "a", data: shared },
    { id: "a", data: shared },
    { id: "b", data: shared },
    { id: "a", data: { n: 1n.toString() } },
    { id: "a", data: 7 },
    { id: "a", data: null },
    { id: "a", refused: { code: "closed", message: "Đã đóng." } },
  ]) {
    tell(said);
    await Bun.sleep(2);
  }
  for (const one of hall) one.over();
  const [mine, peer] = await reading;
  expect(mine?.text.match(/^data: \{"id"/gm)).toHaveLength(7);
  expect(mine).toEqual(peer as NonNullable<typeof peer>);
});

test("a silent stream is pinged as tRPC pings, before its client would connect again", async () => {
  const texts = await Promise.all(
    [ours, theirs].map(async (answer) => {
      const reader = (await answer(asked("hall"))).body?.getReader();
      let text = "";
      while (!text.includes("event: ping\ndata: \n\n\n"))
        text += new TextDecoder().decode((await reader?.read())?.value);
      await reader?.cancel();
      return text;
    }),
  );
  expect(texts[0]).toBe(texts[1] as string);
}, 10_000);

test("who reads slowly is told the newest of each thing and no more is kept for them; who leaves is told nothing", async () => {
  const reader = (await ours(asked("hall"))).body?.getReader();
  for (let n = 1; n <= 10_000; n++) tell({ id: n % 2 ? "odd" : "even", data: { n } });
  let text = "";
  while (!(text.includes('"n":9999') && text.includes('"n":10000')))
    text += new TextDecoder().decode((await reader?.read())?.value);
  expect(text.match(/"n":/g)?.length).toBeLessThan(30);
  for (const id of ["odd", "even"]) {
    const order = [...text.matchAll(new RegExp(`"${id}","data":{"n":(\\d+)`, "g"))].map(([, n]) => Number(n));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  }
  await reader?.cancel();
  expect(hall.size).toBe(0);
});

test("a closed tab is noticed, and nothing is kept for it", async () => {
  const { socket, stop } = await served(1_000);
  socket.terminate();
  for (let tries = 0; tries < 200 && hall.size > 0; tries++) await Bun.sleep(10);
  expect(hall.size).toBe(0);
  await stop();
});

test("who takes nothing any more is let go, so that a tab that is there after all connects again", async () => {
  const { socket, gone, stop } = await served(200);
  socket.pause();
  const long = "x".repeat(100_000);
  // More than the sockets of both ends hold.
  for (let n = 0; n < 200; n++) {
    tell({ id: "a", data: { n, long } });
    await Bun.sleep(1);
  }
  for (let tries = 0; tries < 300 && hall.size > 0; tries++) await Bun.sleep(10);
  expect(hall.size).toBe(0);
  socket.resume();
  await gone;
  await stop();
});

test("what is no stream, comes in a batch or by another method is left to tRPC", async () => {
  const context = testContext({} as never, null);
  for (const [path, request] of [
    ["query", asked("query")],
    ["hall", asked("hall", "?batch=1")],
    ["hall", asked("hall", "", "POST")],
    ["toString", asked("toString")],
  ] as const)
    expect(await streamAnswer(rooms, { request, path, context })).toBeNull();
});
