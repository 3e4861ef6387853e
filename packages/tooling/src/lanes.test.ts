import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { type Done, inLanes, type Work } from "./lanes.ts";

const bun = (title: string, code: string): Work => ({
  title,
  folder: tmpdir(),
  command: [process.execPath, "-e", code],
});

test("a failing piece is told as failed with what it said on both streams, and the others are done", async () => {
  const told: Done[] = [];
  const done = await inLanes(
    [
      bun("fails", "console.log('out'); console.error('err'); process.exit(3)"),
      bun("first", "console.log('one')"),
      bun("second", "console.log(process.env.TOLD)"),
    ],
    2,
    { ...process.env, TOLD: "by the caller" },
    (one) => told.push(one),
  );
  expect(done.toSorted((a, b) => (a.title < b.title ? -1 : 1)).map(({ title, ok }) => [title, ok])).toEqual([
    ["fails", false],
    ["first", true],
    ["second", true],
  ]);
  const said = (title: string) => told.find((one) => one.title === title)?.said;
  expect(said("fails")).toContain("out\n");
  expect(said("fails")).toContain("err\n");
  expect(said("second")).toBe("by the caller\n");
});
