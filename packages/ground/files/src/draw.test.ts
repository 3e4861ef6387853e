import { expect, test } from "bun:test";
import { refusalCode } from "@evx/kernel/testing";
import { drawApart } from "./draw.ts";

const slow = import.meta.resolve("./draw.testing.ts");

test("drawing holds nobody up: the thread is busy for a third of a second, this one is not", async () => {
  await drawApart(slow, "scribble", ["warm", 0]);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 10);
  const bytes = await drawApart(slow, "scribble", ["page", 300]);
  clearInterval(timer);
  expect(new TextDecoder().decode(bytes)).toBe("page");
  expect(ticks).toBeGreaterThan(8);
});

test("equal content is drawn once", async () => {
  const first = await drawApart(slow, "scribble", ["kept", 200]);
  const began = performance.now();
  expect(await drawApart(slow, "scribble", ["kept", 200])).toBe(first);
  expect(performance.now() - began).toBeLessThan(100);
});

test("beyond a bounded line the next is told to come again, and a page that cannot be drawn says so", async () => {
  const many = Array.from({ length: 40 }, (_, at) =>
    refusalCode(drawApart(slow, "scribble", [`many ${at}`, 5])),
  );
  const codes = await Promise.all(many);
  expect(codes.filter((code) => code === "server_busy")).toHaveLength(15);
  const said = await drawApart(slow, "nothing", []).catch((error: Error) => error.message);
  expect(said).toContain("has no nothing");
});
