/**
 * Lays out the demo world of a development machine, through the same verbs that people use: nothing is written past
 * the rules. Its clock begins a year ago, so that prices and months have a past. Does nothing where it is laid out
 * already, and never anything in production.
 *
 *   main.ts street|town|year [MOMENT]    `year` is the beginning of a town, which is kept for those that go on from it
 */
import { closeDay } from "@evx/certificates";
import { transact } from "@evx/db";
import { fixedClock } from "@evx/kernel";
import { compose, type Runtime, readConfig, run, untilTold } from "@evx/runtime";
import { daysAgo, present } from "./days.ts";
import { type Neighbours, seedNeighbours, seedPast, seedPresent } from "./neighbours.ts";
import { type Stage, seedPeople } from "./people.ts";
import { markLaidOut, markYear, seedState } from "./state.ts";
import { todayOf } from "./today.ts";
import { foundTown, type Size, sizeOf, type Town, yearOf } from "./town.ts";
import { rememberYear, takeUpYear } from "./year.ts";

type Clock = Stage["clock"];
type Begun = { town: Town; neighbours: Neighbours };

/** People come, and a year goes by up to eighty days ago. */
const begin = async (runtime: Runtime, clock: Clock, size: Size): Promise<Begun> => {
  const stage = { runtime, clock, people: await seedPeople(runtime) };
  const neighbours = await seedNeighbours(stage);
  const town = await foundTown(stage, size);
  await yearOf(town);
  return { town, neighbours };
};

/** The last weeks, and what is open today. */
const goOn = async ({ town, neighbours }: Begun): Promise<void> => {
  await seedPresent(town, neighbours, await seedPast(town, neighbours, town));
  await todayOf(town);

  // Yesterday's book, which the worker would close within the hour.
  town.clock.set(present);
  const yesterday = daysAgo(1).toISOString().slice(0, 10);
  await transact(town.runtime.db, town.clock, (tx) => closeDay(tx, yesterday), { cause: "seed" });
};

/** Lays out what is not there yet; answers what it did, for a year what is to be known of it. */
const layOut = async (runtime: Runtime, clock: Clock, world: string | undefined): Promise<string> => {
  const state = await seedState(runtime);
  if (state === "whole") return "there already";
  if (state === "half")
    throw new Error(
      "An earlier start was cut off while it laid out the demo world in this database. Give it an empty one, or run without DATABASE_URL.",
    );
  const size = sizeOf(world === "year" ? "town" : world);
  const begun = state === "year" ? await takeUpYear(runtime, clock, size) : await begin(runtime, clock, size);
  const { admin } = begun.town.people;
  if (world === "year") {
    await markYear(runtime, admin);
    return rememberYear(begun.town, begun.neighbours);
  }
  await goOn(begun);
  // Last of all, so that a world that was laid out half-way is not taken for a whole one.
  await markLaidOut(runtime, admin);
  return state === "year" ? "laid out on the year that was prepared" : "laid out";
};

// Whoever asked for it may be gone before it is whole; half of it is of no use to anybody.
void untilTold().then(() => process.exit(1));

await run(async () => {
  const config = readConfig();
  if (config.production) throw new Error("The demo world is for development only.");
  const clock = fixedClock(daysAgo(372));
  // Whose password is published needs no hash that is dear to guess at.
  const runtime = await compose({ ...config, LOG_LEVEL: "warn", BCRYPT_COST: 4 }, "seed", clock);
  try {
    console.log(await layOut(runtime, clock, process.argv[2]));
  } finally {
    await runtime.close();
  }
});
