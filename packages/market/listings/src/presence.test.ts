import { afterAll, beforeAll, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { openRooms } from "./presence.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const one = newId("listing");
const other = newId("listing");

test("people are counted over all servers, each once however many tabs they have, until they leave", async () => {
  const [here, there] = [openRooms("here", 0), openRooms("there", 0)];
  const counted = async (rooms: typeof here) => (await rooms.people(t.db, [one, other])).get(one);
  const leave = [here.enter(one, "anna"), here.enter(one, "anna"), here.enter(one, "binh")];
  const away = there.enter(one, "chi");
  await counted(here);
  expect(await counted(there)).toBe(3);
  expect(await counted(here)).toBe(3);
  leave[0]?.();
  expect(await counted(here)).toBe(3);
  leave[1]?.();
  expect(await counted(here)).toBe(2);
  away();
  // Who left on another server is gone once that one says so, or is silent.
  await t.admin
    .updateTable("marketplace.presence")
    .set({ seen_at: new Date(Date.now() - 60_000) })
    .where("server", "=", "there")
    .execute();
  expect(await counted(here)).toBe(1);
  leave[2]?.();
  expect(await counted(here)).toBe(0);
  expect(await counted(there)).toBe(0);
  expect((await here.people(t.db, [other])).get(other)).toBe(0);
});

test("what a server said is swept away by the others, and its names are written nowhere", async () => {
  const [gone, left] = [openRooms("gone", 0), openRooms("left", 0)];
  gone.enter(one, "usr_dung");
  await gone.people(t.db, [one]);
  const rows = () =>
    t.admin.selectFrom("marketplace.presence").selectAll().where("server", "=", "gone").execute();
  expect(JSON.stringify(await rows())).not.toContain("usr_dung");
  await t.admin
    .updateTable("marketplace.presence")
    .set({ seen_at: new Date(Date.now() - 120_000) })
    .where("server", "=", "gone")
    .execute();
  await left.people(t.db, [other]);
  expect(await rows()).toEqual([]);
});

test("a database that cannot be written keeps nobody from the price", async () => {
  const rooms = openRooms("alone", 0);
  rooms.enter(one, "anna");
  await sql`revoke insert on marketplace.presence from evx_app`.execute(t.admin);
  expect((await rooms.people(t.db, [one])).get(one)).toBeGreaterThan(0);
});
