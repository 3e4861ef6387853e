/**
 * One habit for each thing: what is done once in the ground is not written again elsewhere.
 */
import { describe, expect, test } from "bun:test";
import { code, files, isTest } from "./sources.ts";

type Habit = {
  readonly title: string;
  /** Whether a file breaks the habit. */
  readonly breaks: (file: string) => boolean;
};

const product = (file: string): boolean => !isTest(file) && !file.startsWith("packages/tooling/");
const says = (pattern: RegExp, where: (file: string) => boolean) => (file: string) =>
  where(file) && pattern.test(code(file));

const habits: readonly Habit[] = [
  {
    title: "a room's SQL lies in a folder queries/",
    breaks: (file) => /^packages\/.*\/src\/queries\.ts$/.test(file),
  },
  {
    title: "jobs are declared and handled in jobs.ts: there is no job-names.ts and no tasks.ts",
    breaks: (file) => /\/(job-names|tasks)\.ts$/.test(file),
  },
  {
    title: "a cursor of a moment and an id is the kernel's momentKey",
    breaks: says(
      /keyOfCursor\([\s\S]{0,200}new Date\(|cursorOf\(\[[^\]]*toISOString/,
      (file) => !isTest(file) && !/^packages\/ground\/kernel\//.test(file),
    ),
  },
  {
    // Solid calls it once: its bare text would keep the first value and the first language. In an element it follows both.
    title: "what a Show, Match or For is given answers elements, not bare text",
    breaks: says(
      />\s*\{\((\w+)\) =>\s*(t\(|t\.n\(|t\.rich\(|f\.|`)/,
      (file) => product(file) && file.endsWith(".tsx"),
    ),
  },
  {
    title: "CSV is written by csvFile and csvLines of files",
    breaks: says(
      /replace(All)?\((['"]"['"]|\/"\/g), ['"]""['"]\)|from "csv-stringify/,
      (file) => product(file) && !/^packages\/ground\/files\//.test(file),
    ),
  },
  {
    title: "no file or sum stops at a number of rows without a word: csvPages writes all of them",
    breaks: says(
      /while \([^\n]*\bcursor\b[^\n]*\.length < |while \([^\n]*\.length < [^\n]*\bcursor\b/,
      product,
    ),
  },
  {
    // A browser may go on calling it "Asia/Saigon".
    title: "the reader's zone is ownZone(), by today's name",
    breaks: says(/resolvedOptions\(\)\.timeZone/, (file) => product(file) && !/\/lib\/zones\.ts$/.test(file)),
  },
  {
    title: "secrets are sealed by the vault alone",
    breaks: says(
      /"AES-GCM"|"HKDF"|\b(createCipheriv|CompactEncrypt|hkdfSync)\b/,
      (file) => product(file) && !/^packages\/ground\/vault\//.test(file),
    ),
  },
  {
    title: "a file as an answer is the kernel's fileAnswer",
    breaks: says(/\b(type|interface) FileAnswer\b/, (file) => !/^packages\/ground\/kernel\//.test(file)),
  },
  {
    title: "a SHA-256 in hex is the kernel's sha256Hex",
    breaks: says(
      /CryptoHasher\("sha256"\)[\s\S]{0,120}?digest\("hex"\)|digest\("SHA-256"[\s\S]{0,120}?toHex\(\)/,
      (file) =>
        /^(packages|apps\/(server|worker|cli))\//.test(file) &&
        product(file) &&
        !/^packages\/ground\/(kernel|vault|proof)\//.test(file),
    ),
  },
  {
    title: "what a promise was refused with is asked by refusalCode of kernel/testing",
    breaks: says(/\bconst (codeOf|refusalCode) =/, (file) => !/^packages\/ground\/kernel\//.test(file)),
  },
  {
    title: "a second, a minute, an hour and a day in milliseconds are the kernel's",
    breaks: says(
      /\b86_400_000\b|\b3_600_000\b|24 \* 60 \* 60 \* 1000|24 \* 3600 \* 1000|\b60 \* 60 \* 1000/,
      (file) =>
        /^packages\//.test(file) &&
        product(file) &&
        !/^packages\/(ground\/kernel|web|ground\/proof)\//.test(file),
    ),
  },
  {
    title: "a row's ids come branded from the database: nobody casts to Id",
    breaks: says(/\bas Id</, (file) => product(file) && !/^(packages\/ground\/kernel|db)\//.test(file)),
  },
  {
    title: "properties are played by tooling/properties, which knows the seed",
    breaks: says(/from "fast-check"/, (file) => !/^packages\/tooling\//.test(file)),
  },
];

describe("one habit for each thing", () => {
  for (const { title, breaks } of habits) test(title, () => expect(files.filter(breaks)).toEqual([]));
});
