/**
 * News of one bid at 2,000 watching tabs, through the whole server over HTTP, against a bare server that sends the same
 * words to as many streams as soon as it is told. Both are asked and heard in this process, in turns. A tab's time runs
 * from the bid's request until its news; the figure is the ratio of the 99th percentiles, the median of the rounds.
 */
import { anAuction } from "@evx/auctions/testing";
import { startLiveWorld } from "../src/testing.ts";

const TABS = 2_000;
const ROUNDS = 12;
const GOAL = 1.5;

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0;
const p99 = (all: readonly number[]): number =>
  all.toSorted((a, b) => a - b)[Math.ceil(all.length * 0.99) - 1] ?? 0;

/** Two thousand open streams, each of which says when it heard of a number. */
const openTabs = async (address: string) => {
  let wanted = 0;
  let times: number[] = [];
  let heardAll = () => {};
  const decoder = new TextDecoder();
  const { hostname, port, pathname, search } = new URL(address);
  // From twenty networks: one may not hold more than two hundred streams.
  const requestOf = (tab: number) =>
    `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\nX-Forwarded-For: 198.51.${Math.floor(tab / 100)}.1\r\n\r\n`;
  // Sockets of our own: a client for HTTP opens a few hundred connections at most.
  const open = async (tab: number) => {
    const begun = Promise.withResolvers<void>();
    let known = 0;
    const socket = await Bun.connect({
      hostname,
      port: Number(port),
      socket: {
        data(_, part) {
          const said = decoder.decode(part);
          if (said.startsWith("HTTP/1.1 ") && !said.startsWith("HTTP/1.1 200"))
            begun.reject(new Error(`A stream answered ${said.slice(9, 12)}`));
          begun.resolve();
          for (const [, number] of said.matchAll(/bidCount"?:(\d+)/g)) {
            if (Number(number) <= known) continue;
            known = Number(number);
            if (known !== wanted) continue;
            times.push(performance.now());
            if (times.length === TABS) heardAll();
          }
        },
      },
    });
    socket.write(requestOf(tab));
    await begun.promise;
    return socket;
  };
  const sockets: Awaited<ReturnType<typeof open>>[] = [];
  for (let tab = 0; tab < TABS; tab += 100)
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, (_, at) => open(tab + at)))));
  return {
    /** How long each tab waited for the news that this makes. */
    async waits(number: number, make: () => Promise<unknown>): Promise<number[]> {
      wanted = number;
      times = [];
      const all = new Promise<void>((resolve) => {
        heardAll = resolve;
      });
      const start = performance.now();
      await make();
      await Promise.race([
        all,
        Bun.sleep(20_000).then(() => {
          throw new Error(`${times.length} of ${TABS} tabs heard of ${number}`);
        }),
      ]);
      return times.map((at) => at - start);
    },
    close: () => {
      for (const socket of sockets) socket.end();
    },
  };
};

/** The least that can be done: one text to all open streams at once. */
const bareServer = () => {
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const text = new TextEncoder();
  const server = Bun.serve({
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      if (request.method === "POST") {
        const message = text.encode(`data: ${await request.text()}\n\n`);
        for (const stream of streams) stream.enqueue(message);
        return new Response("done");
      }
      return new Response(
        new ReadableStream<Uint8Array>({
          start: (stream) => {
            streams.add(stream);
            stream.enqueue(text.encode(": here\n\n"));
          },
        }),
        {
          headers: { "content-type": "text/event-stream" },
        },
      );
    },
  });
  return { url: `http://localhost:${server.port}`, stop: () => server.stop(true) };
};

export default async (print: (line: string) => void): Promise<void> => {
  const world = await startLiveWorld({
    RATE_LIMIT_PER_MINUTE: "100000000",
    REQUESTS_AT_ONCE: "10000",
    TRUSTED_PROXIES: "127.0.0.1,::1",
  });
  const bare = bareServer();
  try {
    const credentials = { email: "fanout@example.com", password: "bench-password-1" };
    const post = (path: string, body: object, headers: Record<string, string> = {}) =>
      fetch(`${world.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      });
    await post("/api/users/register", { ...credentials, fullName: "Bench", role: "buyer" });
    const { token } = (await (await post("/api/users/login", credentials)).json()) as { token: string };
    const { id } = await anAuction(world.database, { pricePerCredit: "10.00", lasts_s: 3_600 });
    const streams = [{ id: "a", path: "marketplace.listings.watch", input: { listingId: id } }];
    const watch = `${world.url}/trpc/live.many?input=${encodeURIComponent(JSON.stringify({ streams }))}`;
    const ours = await openTabs(watch);
    const theirs = await openTabs(bare.url);
    const bid = async (bidAmount: string) => {
      const answer = await post(
        "/api/marketplace/bids",
        { listingId: id, bidAmount },
        { authorization: `Bearer ${token}` },
      );
      if (answer.status !== 201) throw new Error(`A bid answered ${answer.status}: ${await answer.text()}`);
    };
    // As long as what a listing's watchers are told.
    const words = (number: number) =>
      `${JSON.stringify({ listing: id, filling: "x".repeat(420) })}{"bidCount":${number}}`;
    const [mine, floor]: [number[], number[]] = [[], []];
    for (let round = 1; round <= ROUNDS; round++) {
      mine.push(p99(await ours.waits(round, () => bid(`${10 + round}.00`))));
      floor.push(
        p99(await theirs.waits(round, () => fetch(bare.url, { method: "POST", body: words(round) }))),
      );
      await Bun.sleep(100);
    }
    ours.close();
    theirs.close();
    const ratio = median(mine.map((time, round) => time / (floor[round] ?? 1)));
    print(
      `fanout: a bid at ${TABS} tabs, p99 ${median(mine).toFixed(0)} ms, a bare broadcast ${median(floor).toFixed(0)} ms (goal ${GOAL}) ratio=${ratio.toFixed(2)}`,
    );
  } finally {
    bare.stop();
    await world.close();
  }
};
