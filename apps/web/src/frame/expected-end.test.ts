import { expect, test } from "bun:test";
import { endSaid } from "./expected-end.ts";

test("an expected end is told until it is there, and then that it takes longer", () => {
  const now = Date.parse("2026-03-01T08:00:00Z");
  expect(endSaid("2026-03-01T08:00:01Z", now)).toBe("strip.until");
  expect(endSaid("2026-03-01T08:00:00Z", now)).toBe("strip.late");
  expect(endSaid(null, now)).toBeNull();
});
