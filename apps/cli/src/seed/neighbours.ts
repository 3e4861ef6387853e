/** The people next door, whose names the tour tells: what they drove and sold over two months, and what they offer now. */
import { daysAgo, present } from "./days.ts";
import { commuting, seedGarage } from "./garage.ts";
import { seedCredits, seedListing, seedRequest, seedSale, settle } from "./market.ts";
import { actForCompany, register, type Stage, showName } from "./people.ts";
import { type Town, trade } from "./town.ts";

const day_ms = 86_400_000;

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
export const seedNeighbours = async ({ runtime, people }: Stage) => {
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

export type Neighbours = Awaited<ReturnType<typeof seedNeighbours>>;

/** Minh's car and credits, and what he sold of them over two months. Answers his car. */
export const seedPast = async (
  { runtime, clock, people }: Stage,
  { minh, buyers }: Neighbours,
  town: Town,
) => {
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
export const seedPresent = async (
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
  const auctionEndTime = new Date(present.getTime() + 2 * day_ms).toISOString();
  await seedListing(runtime, minh, {
    creditsAmount: "0.080000",
    pricePerCredit: "12.00",
    reservePrice: "15.00",
    auctionEndTime,
  });
  await settle(runtime);
};
