import { expect, test } from "bun:test";
import { createStreams, type Heard, type Stream } from "./streams.ts";

/** Connections that are told what to say. */
const wires = () => {
  const opened: { streams: readonly Stream[]; heard: Heard; closed: boolean }[] = [];
  const watch = createStreams((streams, heard) => {
    const wire = { streams, heard, closed: false };
    opened.push(wire);
    return () => {
      wire.closed = true;
    };
  });
  const last = () => {
    const wire = opened.at(-1);
    if (!wire) throw new Error("No connection was opened");
    return wire;
  };
  return { opened, watch, last };
};

const listener = () => {
  const heard: unknown[] = [];
  return {
    heard,
    onData: (event: unknown) => void heard.push(event),
    onError: (error: { code: string }) => void heard.push(`refused ${error.code}`),
    onState: (state: string) => void heard.push(state),
  };
};

const settled = () => Bun.sleep(40);

test("all that is watched comes over one connection, each event to its own listener", async () => {
  const { opened, watch, last } = wires();
  const [one, two] = [listener(), listener()];
  watch("a.watch", { id: 1 }, one);
  watch("b.watch", undefined, two);
  await settled();
  expect(opened).toHaveLength(1);
  expect(last().streams.map(({ path }) => path)).toEqual(["a.watch", "b.watch"]);
  last().heard.onState("live");
  last().heard.onData(last().streams[1]?.id ?? "", "news");
  expect(one.heard).toEqual(["live"]);
  expect(two.heard).toEqual(["live", "news"]);
});

test("another stream opens a new connection, and the old one goes on until that is there", async () => {
  const { opened, watch, last } = wires();
  const [one, two] = [listener(), listener()];
  watch("a.watch", {}, one);
  await settled();
  last().heard.onState("live");
  watch("b.watch", {}, two);
  await settled();
  expect(opened.map(({ closed }) => closed)).toEqual([false, false]);
  last().heard.onState("connecting");
  expect(one.heard).toEqual(["live"]);
  last().heard.onState("live");
  expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
  expect(two.heard).toEqual(["live"]);
});

test("nothing is watched, nothing is open; a refused stream is told once and asked for no more", async () => {
  const { opened, watch, last } = wires();
  const [one, two] = [listener(), listener()];
  const stop = watch("a.watch", {}, one);
  const stopTwo = watch("b.watch", {}, two);
  await settled();
  last().heard.onRefused(last().streams[0]?.id ?? "", { code: "closed" } as never);
  expect(one.heard).toEqual(["refused closed"]);
  stop();
  await settled();
  expect(last().streams.map(({ path }) => path)).toEqual(["b.watch"]);
  stopTwo();
  await settled();
  last().heard.onState("live");
  expect(opened.every(({ closed }) => closed)).toBe(true);
});

test("a connection that ends is said to be lost, and opened anew", async () => {
  const { opened, watch, last } = wires();
  const one = listener();
  watch("a.watch", {}, one);
  await settled();
  last().heard.onState("live");
  last().heard.onLost();
  expect(one.heard).toEqual(["live", "connecting"]);
  await Bun.sleep(1_060);
  expect(opened).toHaveLength(2);
  last().heard.onState("live");
  expect(one.heard).toEqual(["live", "connecting", "live"]);
});
