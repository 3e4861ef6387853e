import { expect, test } from "bun:test";
import { createGate } from "./gate.ts";
import { refusalCode } from "./testing.ts";

test("so many run at once, so many wait, the next is told to come again, and a failure gives its place on", async () => {
  const gate = createGate({ atOnce: 2, waiting: 3 });
  let running = 0;
  let most = 0;
  const doors: (() => void)[] = [];
  const work = (fails: boolean) =>
    gate(async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((open) => doors.push(open));
      running -= 1;
      if (fails) throw new Error("it broke");
      return "done";
    });
  const works = [work(true), work(false), work(false), work(true), work(false)].map((one) =>
    one.catch((error: Error) => error.message),
  );
  expect(await refusalCode(work(false))).toBe("server_busy");
  for (let left = works.length; left > 0; left--) {
    while (doors.length === 0) await Bun.sleep(1);
    doors.shift()?.();
  }
  expect(await Promise.all(works)).toEqual(["it broke", "done", "done", "it broke", "done"]);
  expect(most).toBe(2);
  const again = work(false);
  while (doors.length === 0) await Bun.sleep(1);
  doors.shift()?.();
  expect(await again).toBe("done");
});
