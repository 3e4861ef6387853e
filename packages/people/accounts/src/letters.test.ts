import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { letterHandlers, letterKinds, writeLetter } from "./letters.ts";
import type { Letter } from "./ports.ts";
import { testAccounts } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

test("no letter of any kind carries a link or a line that its addressee's name holds", async () => {
  const sent: Letter[] = [];
  const ports = testAccounts(t, { letters: { send: async (letter) => void sent.push(letter) } });
  const name = "Locked!\nVisit https://evil.example/login or mailto:thief@evil.example";
  for (const kind of letterKinds)
    for (const locale of ["en", "vi"] as const)
      await t.transact((tx) => writeLetter(tx, ports, { kind, to: "a@test.evx", name, locale, link: null }));
  await drain(t, letterHandlers(ports));
  expect(sent).toHaveLength(letterKinds.length * 2);
  const foreign = /:\/\/|www\.|evil\.example|thief@|mailto:\S|Locked!\n/;
  expect(name).toMatch(foreign);
  expect(sent.filter(({ message, subject }) => foreign.test(subject + message))).toEqual([]);
  // The name is in most of them: the search can find one.
  expect(sent.filter(({ message }) => message.includes("Locked!")).length).toBeGreaterThan(15);
});

test("a letter with a link is tried for a day; one that tells of a change of the account for a week", async () => {
  const sent: string[] = [];
  let away = true;
  const letters = {
    send: async ({ subject }: Letter) => {
      if (away) throw new Error("the mail server is away");
      sent.push(subject);
    },
  };
  const ports = testAccounts(t, { letters });
  const to = { to: "late@test.evx", name: "Lan", locale: "en" } as const;
  /** The next try of each letter that waits. */
  const tryLater = async (hours: number) => {
    t.clock.advance(hours * 3_600_000);
    await drain(t, letterHandlers(ports));
  };
  const write = (kind: "reset_password" | "password_changed", link: string | null) =>
    t.transact((tx) => writeLetter(tx, ports, { ...to, kind, link }));
  await write("reset_password", "https://venue.example/reset?token=1");
  await write("password_changed", null);
  await drain(t, letterHandlers(ports));
  // One of them is past its day at the second try, and given up.
  for (const hours of [20, 20, 50]) await tryLater(hours);
  away = false;
  await tryLater(20);
  expect(sent).toEqual(["Your password was changed"]);
  await tryLater(200);
  expect(sent).toHaveLength(1);

  away = true;
  await write("password_changed", null);
  await tryLater(0);
  await tryLater(8 * 24);
  away = false;
  await tryLater(1);
  expect(sent).toHaveLength(1);
});
