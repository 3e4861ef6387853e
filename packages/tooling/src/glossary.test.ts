import { expect, test } from "bun:test";
import { glossary } from "./glossary.ts";

test("the glossary has the words of every room, each with what it is not called where its room says so", () => {
  const page = glossary();
  const words = [...page.matchAll(/^- \*\*(.+?)\*\*/gm)].map(([, word]) => word as string);
  expect(words.length).toBeGreaterThan(150);
  for (const word of ["Retirement", "Report", "Listing", "Period"])
    expect([word, words.some((one) => one.startsWith(word.slice(0, 6)))]).toEqual([word, true]);
  expect(page).toMatch(/^- \*\*Retirement\*\*.*\*Avoid:\* .*\(credits\)$/m);
  expect([...words].sort((one, other) => one.localeCompare(other, "en"))).toEqual(words);
});
