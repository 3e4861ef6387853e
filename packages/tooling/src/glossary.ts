/** `docs/glossary.md`: the words of all rooms, taken from their READMEs, so that there is one place to look and none to keep. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { root } from "./rooms.ts";

export const glossaryPage = "docs/glossary.md";

type Word = { readonly word: string; readonly text: string; readonly room: string };

/** Entries of a README's `Words` or `Glossary`: `- **Word**: what it is. *Avoid:* what it is not called.` */
const wordsOf = (room: string, readme: string): Word[] => {
  const part = /^## (?:Words|Glossary)\n([\s\S]*?)(?=^## )/m.exec(`${readme}\n## `)?.[1] ?? "";
  return part.split(/^(?=- \*\*)/m).flatMap((entry) => {
    const found = /^- \*\*(.+?)\*\*([\s\S]*)/.exec(entry.trim());
    if (!found) return [];
    const [, word = "", text = ""] = found;
    const line = text.split(/\n(?!\s)/)[0] ?? "";
    return [{ word, text: line.replace(/\s+/g, " ").replaceAll("_Avoid:_", "*Avoid:*").trim(), room }];
  });
};

const rooms = (): Word[] =>
  ["packages/*/README.md", "packages/*/*/README.md", "apps/*/README.md"]
    .flatMap((pattern) => [...new Glob(pattern).scanSync(root)])
    .filter((file) => !file.includes("node_modules"))
    .sort()
    .flatMap((file) => wordsOf(file.replace("/README.md", ""), readFileSync(join(root, file), "utf8")));

/** The page as it should be. */
export const glossary = (): string => {
  const words = rooms().sort((one, other) => one.word.localeCompare(other.word, "en"));
  const letters = Map.groupBy(words, ({ word }) => word[0]?.toUpperCase() ?? "");
  const parts = [...letters].map(
    ([letter, all]) =>
      `## ${letter}\n\n${all.map(({ word, text, room }) => `- **${word}**${text} (${room.split("/").at(-1)})`).join("\n")}\n`,
  );
  return [
    "# Glossary",
    "",
    "The words of README, table, verb and screen are the same. Behind each stands the room that it is a word of. Written by",
    "`bun run docs` from the rooms' own pages.",
    "",
    ...parts,
  ].join("\n");
};
