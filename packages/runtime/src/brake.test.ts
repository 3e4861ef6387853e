import { expect, test } from "bun:test";
import { braked } from "./brake.ts";

test("an outage that says the same thousands of times writes some lines and a count, and nothing else is held back", () => {
  const lines: [string, object, string][] = [];
  const says = (level: string) => (fields: object, message: string) =>
    void lines.push([level, fields, message]);
  const plain = { debug: says("debug"), info: says("info"), warn: says("warn"), error: says("error") };
  let at = 0;
  const log = braked(plain, () => at);
  for (let turn = 0; turn < 5_000; turn++) {
    log.warn({ turn }, "the database is away");
    if (turn === 100) log.error({}, "something else");
    at += 1;
  }
  expect(lines.filter(([, , message]) => message === "the database is away")).toHaveLength(20);
  expect(lines.filter(([level]) => level === "error")).toHaveLength(1);
  at += 10_000;
  log.warn({}, "the database is away");
  expect(lines.at(-2)).toEqual(["warn", { repeated: 4_980, seconds: 15 }, "the database is away"]);
  for (let turn = 0; turn < 100; turn++) log.info({}, "request");
  expect(lines.filter(([level]) => level === "info")).toHaveLength(100);
  // Without the brake every one of them is a line with its stack.
  lines.length = 0;
  for (let turn = 0; turn < 5_000; turn++) plain.warn({ turn }, "the database is away");
  expect(lines).toHaveLength(5_000);
});
