/** What one sale asks of the database, counted: it must not creep up unseen. Lower a figure when it has become less. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { watchStatements } from "@evx/db/testing";
import { buyersOf, oursIn, rest, someListings } from "../bench/parts/buying.ts";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

let world: LiveWorld;
beforeAll(async () => {
  world = await startLiveWorld();
});
afterAll(() => world.close());

/** What a worker asks again and again, whether there is work or not, and what is asked once in so many seconds. */
const isUsual = (text: string) => /pgboss|jobs\."?(beat|listener)|rate_limit|venue|'horizon'/.test(text);

const jobsDone = async (): Promise<number> => {
  const { rows } = await world.database.pool.query<{ count: bigint }>(
    "select count(*) as count from pgboss.job where state = 'completed' and data ->> 'cause' is not null",
  );
  return Number(rows[0]?.count);
};

test("a sale by card, with all that follows it, stays within its statements, transactions and jobs", async () => {
  const { database } = world;
  const buying = oursIn(world, await someListings(database), await buyersOf(world.url, 1));
  // The first ones write what is written once, such as the secret in a person's mails.
  for (let n = 0; n < 2; n++) await buying.one(0);
  await rest(database);
  const before = await jobsDone();
  const asked: string[] = [];
  const unwatch = watchStatements((text) => isUsual(text) || asked.push(text));
  await buying.one(0);
  await buying.stop();
  await rest(database);
  unwatch();
  // The benchmark's own looks at how it stands.
  const ours = asked.filter((text) => !/from marketplace\."order" where id = any/.test(text));
  const begun = ours.filter((text) => text.startsWith("start transaction")).length;
  const jobs = (await jobsDone()) - before;
  expect(ours.length).toBeLessThanOrEqual(212);
  expect(begun).toBeLessThanOrEqual(28);
  expect(jobs).toBeLessThanOrEqual(23);
}, 60_000);
