import { expect, test } from "bun:test";
import { flatness } from "./memory.ts";

const mb = 1024 ** 2;
const over = (count: number, bytesAt: (n: number) => number) =>
  Array.from({ length: count }, (_, n) => ({ at_ms: n * 1_000, bytes: bytesAt(n) }));

test("memory that warms up and then saws is flat; memory that grows with the work is not", () => {
  expect(flatness(over(60, (n) => (n < 15 ? 100 + n * 10 : 250 + (n % 7) * 4) * mb))?.flat).toBe(true);
  expect(flatness(over(60, (n) => (150 + n * 5) * mb))).toMatchObject({ flat: false });
  // A few megabytes are nothing, whatever share they are.
  expect(flatness(over(60, (n) => (40 + n / 4) * mb))?.flat).toBe(true);
  expect(flatness(over(59, () => mb))).toBeNull();
});
