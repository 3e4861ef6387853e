import { afterAll, expect, test } from "bun:test";
import { sql } from "kysely";
import { rightsFaults } from "./guard.ts";
import { testDatabase } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

class Undone extends Error {}

/** What is told after a statement of the cluster's owner. Roles belong to all databases: it is undone before anybody sees it. */
const toldAfter = async (statement: string): Promise<string[]> => {
  let told: string[] = [];
  const trial = t.admin.transaction().execute(async (tx) => {
    await sql.raw(statement).execute(tx);
    told = await rightsFaults(tx);
    throw new Undone();
  });
  await expect(trial).rejects.toBeInstanceOf(Undone);
  // Databases of tests let grams be issued without trips.
  return told.filter((fault) => !/^Trigger has_(tree|fact) /.test(fault));
};

test("nothing is said of roles as they are made, with limits of their own and the right to watch", async () => {
  expect(await toldAfter("alter role evx_former set statement_timeout = '60s'")).toEqual([]);
  expect(await toldAfter("grant pg_monitor to evx_former")).toEqual([]);
});

test.each([
  ["alter role evx_former superuser", "Role evx_former has rights over the whole cluster."],
  [
    "grant pg_write_all_data to evx_former",
    "Role evx_former belongs to pg_write_all_data, which is none of this version.",
  ],
  [
    "alter role evx_former set session_replication_role = replica",
    "session_replication_role is set to 'replica' by role evx_former.",
  ],
  ["alter role all set row_security = off", "row_security is set to 'off' by everybody."],
  [
    "set local session_replication_role = replica",
    "session_replication_role is set to 'replica' for whoever connects.",
  ],
  [
    "alter function ledger.post owner to evx_app",
    /^Function ledger.post\(.*\) belongs to evx_app, a role of the application.$/,
  ],
  ["alter schema ledger owner to evx_app", "Schema ledger belongs to evx_app, a role of the application."],
  [
    "alter function log.sequence owner to pg_monitor",
    /^Function log.sequence\(.*\) belongs to pg_monitor, who does not own the rest.$/,
  ],
  [
    "alter default privileges in schema ledger grant update on tables to evx_app",
    "What postgres makes from now on is open to evx_app from the start.",
  ],
])("%s: the role or the setting is named", async (statement, fault) => {
  expect(await toldAfter(statement)).toEqual([
    fault instanceof RegExp ? expect.stringMatching(fault) : fault,
  ]);
});

test("a setting of this database alone, and of a role in it, is named with it", async () => {
  const name = new URL(t.adminUrl).pathname.slice(1);
  expect(await toldAfter(`alter database ${name} set session_replication_role = replica`)).toEqual([
    `session_replication_role is set to 'replica' by database ${name}.`,
  ]);
  expect(await toldAfter(`alter role evx_former in database ${name} set search_path = other`)).toEqual([
    `search_path is set to 'other' by role evx_former in database ${name}.`,
  ]);
});
