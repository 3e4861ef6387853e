import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeAuction, wholeBidLog } from "@evx/auctions";
import { aBid, anAuction, letEnd } from "@evx/auctions/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";

/** Each replay is a program that starts. */
setDefaultTimeout(60_000);

let t: TestDatabase;
let folder: string;
beforeAll(async () => {
  t = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), "evx-replay-"));
});
afterAll(async () => {
  await t.close();
  await rm(folder, { recursive: true });
});

/** Runs the command without anything of ours in its environment: no database, no address, no key. */
const replayed = async (log: unknown) => {
  const file = join(folder, "log.json");
  await Bun.write(file, JSON.stringify(log));
  const child = Bun.spawn([process.execPath, "src/index.ts", "auction", "replay", file], {
    cwd: join(import.meta.dir, ".."),
    env: { PATH: process.env.PATH ?? "", HOME: folder },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [answer, said] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, answer, said };
};

test("a downloaded log proves winner and price offline, and a changed one is caught", async () => {
  const { id } = await anAuction(t, { reservePrice: "11.00" });
  await aBid(t, id, "12.00");
  await aBid(t, id, "15.00");
  await letEnd(t, id);
  await t.transact((tx) => closeAuction(tx, id));
  const { nextCursor: _, ...log } = await wholeBidLog(t.db, id);
  const good = await replayed(log);
  expect(good.said).toBe("");
  expect(good.code).toBe(0);
  expect(JSON.parse(good.answer)).toMatchObject({ valid: true, sold: true, price: "12.12", bidCount: 2 });
  const [first, ...rest] = log.items;
  const bad = await replayed({ ...log, items: [{ ...first, max: "1999" }, ...rest] });
  expect(bad.code).toBe(1);
  expect(JSON.parse(bad.answer)).toMatchObject({ valid: false });
  expect((await replayed({ ...log, status: "live" })).said).toContain("still running");
  expect((await replayed({ hello: 1 })).said).toContain("is no auction's log");
});
