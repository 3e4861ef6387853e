/** What people notice of a release: nothing. */
import { afterAll, expect, test } from "bun:test";
import { nginx, type Production, startProduction } from "./behind-nginx.testing.ts";

let production: Production | undefined;
// Servers and workers that are told to end take their time, more where many tests share a machine.
afterAll(() => production?.stop(), 60_000);

const tls = { rejectUnauthorized: false };
const email = "rolling@example.com";
const password = "a-password-of-some-length-7";

const bearerAt = async (url: string): Promise<string> => {
  const post = (path: string, body: object) =>
    fetch(`${url}/api${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      tls,
    });
  const made = await post("/users/register", { email, password, fullName: "Rolling", role: "buyer" });
  expect([201, await made.clone().text()]).toEqual([made.status, await made.text()]);
  const answer = (await (await post("/users/login", { email, password })).json()) as { token: string };
  return answer.token;
};

type Tally = { done: number; failed: string[] };

/** Asks again and again until told to stop; whatever is not answered with 200 is kept. */
const asking = (
  until: () => boolean,
  what: string,
  ask: () => Promise<Response>,
): { ended: Promise<Tally> } => {
  const tally: Tally = { done: 0, failed: [] };
  const ended = (async () => {
    while (!until()) {
      try {
        const response = await ask();
        const text = await response.text();
        if (response.status === 200) tally.done++;
        else tally.failed.push(`${what}: ${response.status} ${text.slice(0, 200)}`);
      } catch (error) {
        tally.failed.push(`${what}: ${String(error)}`);
      }
      await Bun.sleep(5);
    }
    return tally;
  })();
  return { ended };
};

/** Watches as a tab does: a stream that ends is opened anew; one that is refused is a failure. */
const watching = (until: AbortSignal, open: () => Promise<Response>): { ended: Promise<Tally> } => {
  const tally: Tally = { done: 0, failed: [] };
  const ended = (async () => {
    while (!until.aborted) {
      try {
        const response = await open();
        if (response.status !== 200) tally.failed.push(`stream: ${response.status}`);
        else tally.done++;
        for await (const _ of response.body ?? []) if (until.aborted) break;
      } catch (error) {
        if (!until.aborted) tally.failed.push(`stream: ${String(error)}`);
      }
      await Bun.sleep(20);
    }
    return tally;
  })();
  return { ended };
};

test.skipIf(!nginx)(
  "a rolling restart of both servers and both workers behind nginx fails not one GET, POST or stream",
  async () => {
    production = await startProduction();
    const { url, restart } = production;
    const authorization = `Bearer ${await bearerAt(url)}`;
    const stopped = new AbortController();
    const over = () => stopped.signal.aborted;
    const get = (path: string) => () => fetch(url + path, { headers: { authorization }, tls });
    const post = () =>
      fetch(`${url}/trpc/notifications.readAll`, {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: "{}",
        tls,
      });
    const all = [
      ...Array.from({ length: 4 }, () => asking(over, "GET", get("/api/users/profile"))),
      ...Array.from({ length: 2 }, () => asking(over, "GET", get("/api/marketplace/listings"))),
      ...Array.from({ length: 4 }, () => asking(over, "POST", post)),
      ...Array.from({ length: 4 }, () =>
        watching(stopped.signal, () =>
          fetch(`${url}/trpc/notifications.watch`, {
            headers: { authorization, accept: "text/event-stream" },
            signal: stopped.signal,
            tls,
          }),
        ),
      ),
    ];
    await Bun.sleep(1_000);
    const codes: number[] = [];
    for (const name of ["server-1", "worker-1", "server-2", "worker-2"]) codes.push(await restart(name));
    await Bun.sleep(1_000);
    stopped.abort();
    const tallies = await Promise.all(all.map(({ ended }) => ended));
    // Beside a failure stands what nginx met at which server.
    const met = (await Bun.file(`${production.folder}/error.log`).text()).split("\n").slice(-20);
    const failed = tallies.flatMap((tally) => tally.failed);
    expect([failed, failed.length > 0 ? met : []]).toEqual([[], []]);
    expect(codes).toEqual([0, 0, 0, 0]);
    for (const { done } of tallies) expect(done).toBeGreaterThan(1);
  },
  240_000,
);
