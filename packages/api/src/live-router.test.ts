import { expect, test } from "bun:test";
import { refusals } from "@evx/kernel";
import { createCallerFactory, open, router } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import * as v from "valibot";
import { liveRouter, type News } from "./live-router.ts";

const refuse = refusals({ closed: { kind: "forbidden", en: "It is closed.", vi: "Đã đóng." } });

/** Counts up to a number, one every few milliseconds, then waits or ends. */
const rooms = router({
  hall: router({
    count: open.input(v.object({ to: v.number(), ends: v.boolean() })).subscription(async function* ({
      input,
      signal,
    }) {
      for (let n = 1; n <= input.to; n++) {
        yield n;
        await Bun.sleep(2);
      }
      if (!input.ends)
        await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
    }),
    closed: open.subscription(async function* () {
      yield* [] as number[];
      throw refuse("closed");
    }),
    plain: open.query(() => 1),
  }),
});

const watch = async (
  streams: { id: string; path: string; input?: Record<string, unknown> }[],
  most: number,
) => {
  const stopped = new AbortController();
  const caller = createCallerFactory(liveRouter(rooms))(testContext({} as never, null), {
    signal: stopped.signal,
  });
  const heard: News[] = [];
  for await (const news of await caller.many({ streams })) {
    heard.push(news);
    if (heard.length >= most) break;
  }
  stopped.abort();
  return heard;
};

const of = (heard: readonly News[], id: string) =>
  heard.flatMap((news) => (news.id === id && "data" in news ? [news.data] : []));

test("several streams come over one connection, each in its order under its own name", async () => {
  const heard = await watch(
    [
      { id: "a", path: "hall.count", input: { to: 3, ends: false } },
      { id: "b", path: "hall.count", input: { to: 2, ends: false } },
    ],
    5,
  );
  expect(of(heard, "a")).toEqual([1, 2, 3]);
  expect(of(heard, "b")).toEqual([1, 2]);
});

test("one that is refused says why and leaves the others be; what is no stream is not found", async () => {
  const heard = await watch(
    [
      { id: "no", path: "hall.closed" },
      { id: "query", path: "hall.plain" },
      { id: "wrong", path: "hall.count", input: { to: "three" } },
      { id: "a", path: "hall.count", input: { to: 2, ends: false } },
    ],
    5,
  );
  const refused = new Map(heard.flatMap((news) => ("refused" in news ? [[news.id, news.refused.code]] : [])));
  expect(refused).toEqual(
    new Map([
      ["no", "closed"],
      ["query", "not_found"],
      ["wrong", "input_invalid"],
    ]),
  );
  expect(of(heard, "a")).toEqual([1, 2]);
});

test("when one ends, as that of a person who was signed out does, all end and are asked for anew", async () => {
  const heard = await watch(
    [
      { id: "a", path: "hall.count", input: { to: 1, ends: true } },
      { id: "b", path: "hall.count", input: { to: 50, ends: false } },
    ],
    1_000,
  );
  expect(of(heard, "a")).toEqual([1]);
  expect(heard.length).toBeLessThan(50);
});
