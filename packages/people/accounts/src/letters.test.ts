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
