/**
 * Lays out the demo world of a development machine, through the same verbs that people use: nothing is written past
 * the rules. Its clock begins a year ago, so that prices and months have a past. Does nothing where it is laid out
 * already, and never anything in production.
 */
import { closeDay } from "@evx/certificates";
import { transact } from "@evx/db";
import { fixedClock, systemClock } from "@evx/kernel";
import { compose, readConfig, run, untilTold } from "@evx/runtime";
import { commuting, seedGarage } from "./garage.ts";
import { seedCredits, seedListing, seedRequest, seedSale, settle } from "./market.ts";
import { actForCompany, register, type Stage, seedPeople, showName } from "./people.ts";
import { markLaidOut, seedState } from "./state.ts";
import { todayOf } from "./today.ts";
import { foundTown, sizeOf, type Town, trade, yearOf } from "./town.ts";

const day_ms = 86_400_000;
const daysAgo = (days: number) => new Date(systemClock.now().getTime() - days * day_ms);

/** Sales of the past by neighbours, so that price and trends have something to stand on: days ago, credits, price. */
const sales = [
  [61, "0.036000", "14.20"],
  [52, "0.034000", "14.90"],
  [44, "0.034000", "15.10"],
  [33, "0.032000", "15.80"],
  [25, "0.033000", "15.40"],
  [16, "0.031000", "16.30"],
  [8, "0.030000", "16.80"],
  [3, "0.031000", "16.50"],
] as const;

const vf9 = {
  make: "VinFast",
  model: "VF 9",
  year: 2024,
  vin: "RLLV9FA17RH004521",
  countryCode: "VN",
  batteryKwh: 92,
};

const vf8 = {
  make: "VinFast",
  model: "VF 8",
  year: 2023,
  vin: "RLLV8EA25PH001234",
  countryCode: "VN",
  batteryKwh: 82,
};

/** A neighbour who drives and sells, and three who buy. */
const seedNeighbours = async ({ runtime, people }: Stage) => {
  const neighbour = async (name: string, fullName: string, role: "ev_owner" | "buyer") => {
    const person = { email: `${name}@demo.evx`, fullName, role, locale: "vi" } as const;
    const actor = await register(runtime, people.admin, person);
    await (role === "buyer" ? actForCompany : showName)(runtime, actor, fullName);
    return actor;
  };
  const [minh, ...buyers] = await Promise.all([
    neighbour("minh", "Lê Văn Minh", "ev_owner"),
    neighbour("hoasen", "Trà Hoa Sen", "buyer"),
    neighbour("dana", "Đà Nẵng Tours", "buyer"),
    neighbour("mekong", "Mekong Foods", "buyer"),
  ]);
  if (!minh) throw new Error("The neighbours were not made");
  return { minh, buyers };
};

type Neighbours = Awaited<ReturnType<typeof seedNeighbours>>;

/** Minh's car and credits, and what he sold of them over two months. Answers his car. */
const seedPast = async ({ runtime, clock, people }: Stage, { minh, buyers }: Neighbours, town: Town) => {
  clock.set(daysAgo(70));
  const hisCar = await seedGarage(runtime, minh, vf9, commuting(daysAgo(150), 80, 38, 11));
  await seedCredits(runtime, minh, people.auditors, hisCar, daysAgo(85));
  await settle(runtime);
  for (const [index, [days, credits, price]] of sales.entries()) {
    clock.set(daysAgo(days));
    const buyer = buyers[index % buyers.length];
    if (!buyer) continue;
    const listing = await seedListing(runtime, minh, { creditsAmount: credits, pricePerCredit: price });
    await seedSale(runtime, buyer, listing, credits);
    await trade(town, town.perDay);
    await settle(runtime);
  }
  return hisCar;
};

/** The owner's car, credits and first sale, what is for sale now, a request that waits, and an auction that runs. */
const seedPresent = async (
  { runtime, clock, people }: Stage,
  { minh }: Neighbours,
  hisCar: Awaited<ReturnType<typeof seedPast>>,
) => {
  clock.set(daysAgo(2));
  const herCar = await seedGarage(runtime, people.owner, vf8, commuting(daysAgo(120), 118, 27, 7));
  await seedCredits(runtime, people.owner, people.auditors, herCar, daysAgo(32));
  await settle(runtime);
  await seedSale(
    runtime,
    people.buyer,
    await seedListing(runtime, people.owner, { creditsAmount: "0.030000", pricePerCredit: "16.90" }),
    "0.030000",
  );
  await settle(runtime);
  await seedListing(runtime, people.owner, { creditsAmount: "0.100000", pricePerCredit: "17.50" });
  await seedListing(runtime, minh, { creditsAmount: "0.050000", pricePerCredit: "16.20" });
  // His later trips wait for the auditor.
  await seedRequest(runtime, minh, hisCar);
  const auctionEndTime = new Date(systemClock.now().getTime() + 2 * day_ms).toISOString();
  await seedListing(runtime, minh, {
    creditsAmount: "0.080000",
    pricePerCredit: "12.00",
    reservePrice: "15.00",
    auctionEndTime,
  });
  await settle(runtime);
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
    const laidOut = await seedState(runtime);
    if (laidOut === "whole") {
      console.log("there already");
      return;
    }
    if (laidOut === "half")
      throw new Error(
        "An earlier start was cut off while it laid out the demo world in this database. Give it an empty one, or run without DATABASE_URL.",
      );
    const stage = { runtime, clock, people: await seedPeople(runtime) };
    const neighbours = await seedNeighbours(stage);
    const town = await foundTown(stage, sizeOf(process.argv[2]));
    await yearOf(town);
    await seedPresent(stage, neighbours, await seedPast(stage, neighbours, town));
    await todayOf(town);

    // Yesterday's book, which the worker would close within the hour.
    clock.set(systemClock.now());
    const yesterday = new Date(clock.now().getTime() - day_ms).toISOString().slice(0, 10);
    await transact(runtime.db, clock, (tx) => closeDay(tx, yesterday), { cause: "seed" });

    // Last of all, so that a world that was laid out half-way is not taken for a whole one.
    await markLaidOut(runtime, stage.people.admin);
    console.log("laid out");
  } finally {
    await runtime.close();
  }
});
