import { expect, test } from "bun:test";
import { freePorts } from "./ports.ts";

test("neighbouring ports can all be bound", async () => {
  const port = await freePorts(3);
  const bound = [0, 1, 2].map((n) =>
    Bun.listen({ hostname: "127.0.0.1", port: port + n, socket: { data() {} } }),
  );
  expect(bound.map((listener) => listener.port)).toEqual([port, port + 1, port + 2]);
  for (const listener of bound) listener.stop(true);
});
