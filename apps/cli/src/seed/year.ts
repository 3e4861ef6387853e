/** The year of a town, which is laid out once and kept as rows beside this file, and how a later run goes on from it. */
import { gunzipSync } from "node:zlib";
import type { Runtime } from "@evx/runtime";
import { present } from "./days.ts";
import { numbers } from "./garage.ts";
import type { Neighbours } from "./neighbours.ts";
import type { Stage } from "./people.ts";
import type { Size, Town } from "./town.ts";

/** Written by `bun run town` from what `rememberYear` says. */
const file = new URL("./year/town.json.gz", import.meta.url);

/** What the rows do not say in a word: who is who in the town, and what is left of each lot. */
type Remembered = {
  /** The moment that the year was laid out for. */
  at: string;
  town: Omit<Town, "runtime" | "clock" | "random">;
  neighbours: Neighbours;
};

/** What a later run needs to know of the town, as text. */
export const rememberYear = (whole: Town, neighbours: Neighbours): string => {
  const { runtime: _, clock: __, random: ___, ...town } = whole;
  const known: Remembered = { at: present.toISOString(), town, neighbours };
  return JSON.stringify(known);
};

/** The town after its year, as if this run had laid it out. */
export const takeUpYear = async (
  runtime: Runtime,
  clock: Stage["clock"],
  size: Size,
): Promise<{ town: Town; neighbours: Neighbours }> => {
  const text = gunzipSync(await Bun.file(file).bytes()).toString();
  const { town, neighbours } = JSON.parse(text) as Remembered;
  return { town: { ...town, ...size, runtime, clock, random: numbers(2027) }, neighbours };
};
