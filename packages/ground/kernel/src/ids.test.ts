import { expect, test } from "bun:test";
import { isId, namedId, newId } from "./ids.ts";

test("an id names its kind and is refused as another kind's", () => {
  const id = newId("order");
  expect(id).toMatch(/^ord_[0-7][0-9a-z]{25}$/);
  expect(isId("order", id)).toBe(true);
  expect(isId("user", id)).toBe(false);
  expect(isId("order", `${id}x`)).toBe(false);
  expect(isId("order", "ord_'; drop table orders; --aaaa")).toBe(false);
});

test("ids made later sort later, and ten thousand differ", async () => {
  const first = newId("trip");
  await Bun.sleep(3);
  expect(newId("trip") > first).toBe(true);
  expect(new Set(Array.from({ length: 10_000 }, () => newId("trip"))).size).toBe(10_000);
});

test("the same seed names the same row, another seed or kind another one", async () => {
  expect(await namedId("order", "a")).toBe(await namedId("order", "a"));
  expect(await namedId("order", "a")).not.toBe(await namedId("order", "b"));
  expect((await namedId("bid", "a")).slice(4)).not.toBe((await namedId("order", "a")).slice(4));
  expect(isId("order", await namedId("order", "a"))).toBe(true);
});
