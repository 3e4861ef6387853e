import { expect, test } from "bun:test";
import { scopeRooms } from "@evx/accounts/schema";
import { createAppRouter, type Ports } from "./index.ts";

/** Procedures are only looked at here, so what they would need from outside is never asked for. */
const shapes = createAppRouter({
  identity: {},
  vehicles: {},
  verification: {},
  payments: {},
  marketplace: {},
  notifications: {},
} as unknown as Ports);

test("a key can be made for every room whose procedures it may call, and for none that is not there", () => {
  const rooms = new Set(Object.keys(shapes._def.procedures).map((path) => path.split(".")[0] as string));
  // Live updates run on a browser's session.
  rooms.delete("live");
  expect(new Set<string>(scopeRooms)).toEqual(new Set(["*", ...rooms]));
});
