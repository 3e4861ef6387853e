import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { compose } from "./authorization/world.ts";
import { appHandlers } from "./jobs.ts";

const t = await testDatabase();
afterAll(() => t.close());

/** Codes to which the screen has words, as the English dictionary names them; the type holds the other to it. */
const named = async (): Promise<string[]> => {
  const words = await Bun.file(new URL("../../../apps/web/src/i18n/en/queues.ts", import.meta.url)).text();
  return [...words.matchAll(/^ {2}"([\w.]+)":/gm)].map(([, code = ""]) => code);
};

test("an operator reads in words what each queue does, and no words are left of a queue that is gone", async () => {
  const { ports } = await compose(t);
  const heads = { put: () => Promise.resolve(), notes: () => Promise.resolve([]) };
  const handlers = appHandlers({ ...ports, identity: { ...ports.identity, heads } });
  const queues = [...new Set(handlers.map(({ queue }) => queue))].sort();
  expect(queues.length).toBeGreaterThan(100);
  expect((await named()).sort()).toEqual(queues);
});
