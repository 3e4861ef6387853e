import { type Id, systemClock } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { type Car, commuting, type Home, numbers, seedGarage } from "./garage.ts";
import { seedCredits, seedListing, seedSale, settle } from "./market.ts";
import { actForCompany, contextAs, register, type Stage } from "./people.ts";

const day_ms = 86_400_000;
export const daysAgo = (days: number) => new Date(systemClock.now().getTime() - days * day_ms);

/** How many there are of each, and how many sales of the town's there are on each day that sells. */
export type Size = { owners: number; companies: number; sales: number; perDay: number };

const sizes = {
  /** What `bun run up` lays out within its seconds. */
  street: { owners: 6, companies: 5, sales: 20, perDay: 0 },
  /** Twelve months of forty owners and two hundred sales; takes about a minute. */
  town: { owners: 40, companies: 14, sales: 150, perDay: 6 },
} satisfies Record<string, Size>;

/** The world of a name; the small one without it. Refuses a name that is none. */
export const sizeOf = (name: string | undefined): Size => {
  if (!name) return sizes.street;
  const found = Object.entries(sizes).find(([known]) => known === name);
  if (!found) throw new Error(`The demo world is ${Object.keys(sizes).join(" or ")}, not ${name}.`);
  return found[1];
};

const names = [
  [
    "Trần Thị Mai",
    "Hoàng Gia Huy",
    "Phan Thanh Tùng",
    "Đỗ Ngọc Lan Anh",
    "Vũ Đức Thắng",
    "Bùi Thị Hạnh",
    "Ngô Quang Vinh",
  ],
  [
    "Đặng Minh Châu",
    "Lý Hải Yến",
    "Trịnh Công Sơn Tùng",
    "Hồ Thị Bích Ngọc",
    "Dương Văn Khánh",
    "Cao Thùy Dung",
  ],
].flat();
const firms = [
  "Lotus Bay Hotels",
  "Tràng An Textiles",
  "Mekong Cold Chain",
  "Sông Hồng Coffee",
  "Hải Vân Logistics",
  "Phú Quốc Resorts",
  "Bến Thành Foods",
];
const models = [
  ["VinFast", "VF 5", 37.2],
  ["BYD", "Dolphin", 60.4],
  ["VinFast", "VF 6", 59.6],
  ["Hyundai", "Ioniq 5 Long Range", 74],
  ["VinFast", "VF e34", 41.9],
  ["Tesla", "Model 3 Long Range", 75],
  ["VinFast", "Herio Green", 37.2],
  ["MG", "MG4", 61.7],
] as const;
const cities = [
  [21.0278, 105.8342],
  [16.0471, 108.2068],
  [10.0452, 105.7469],
  [20.8449, 106.6881],
  [12.2388, 109.1967],
] as const;

export type Owner = { actor: Actor; car: Id<"vehicle">; place: number; home: Home; kmEachWay: number };
type Lot = { id: Id<"listing">; left_g: number };
export type Town = Stage &
  Size & {
    owners: number;
    random: () => number;
    drivers: Owner[];
    buyers: { actor: Actor; name: string }[];
    lots: Lot[];
    orders: { id: Id<"order">; buyer: Actor }[];
  };

/** Grams as decimal credits: 36000 → "0.036000". */
export const creditsOf = (grams: number): string => (grams / 1_000_000).toFixed(6);

/** The people of the town and their cars, without trips. */
export const foundTown = async (stage: Stage, size: Size): Promise<Town> => {
  const { runtime, people } = stage;
  const random = numbers(2026);
  const buyers: Town["buyers"] = [];
  for (let place = 0; place < size.companies; place++) {
    const firm = firms[place % firms.length] ?? "";
    const name = place < firms.length ? firm : `${firm} ${Math.floor(place / firms.length) + 1}`;
    const actor = await register(runtime, people.admin, {
      email: `company${place + 1}@demo.evx`,
      fullName: name,
      role: "buyer",
      locale: "vi",
    });
    await actForCompany(runtime, actor, name);
    buyers.push({ actor, name });
  }
  return { ...stage, ...size, random, drivers: [], buyers, lots: [], orders: [] };
};

const carOf = (place: number): Car => {
  const [make, model, batteryKwh] = models[place % models.length] ?? models[0];
  return {
    make,
    model,
    batteryKwh,
    year: 2022 + (place % 4),
    vin: `RLLVE5CX0RH${String(100_000 + place * 37)}`,
    countryCode: "VN",
  };
};

/** An owner arrives with six weeks of trips, which become credits and a listing. */
const arrive = async (town: Town, place: number, today: number): Promise<void> => {
  const { runtime, people, random } = town;
  const name = names[place % names.length] ?? "";
  const actor = await register(runtime, people.admin, {
    email: `driver${place + 1}@demo.evx`,
    fullName: place < names.length ? name : `${name} ${Math.floor(place / names.length) + 1}`,
    role: "ev_owner",
    locale: "vi",
  });
  const [lat, lon] = cities[place % cities.length] ?? cities[0];
  const home = {
    lat: Number((lat + random() * 0.08).toFixed(4)),
    lon: Number((lon + random() * 0.08).toFixed(4)),
    leaves_min: 5 + Math.floor(random() * 110),
  };
  const kmEachWay = 14 + random() * 26;
  const trips = commuting(daysAgo(today + 42), 42, kmEachWay, 1_000 + place, home);
  const car = await seedGarage(runtime, actor, carOf(place), trips);
  town.drivers.push({ actor, car, place, home, kmEachWay });
  await seedCredits(runtime, actor, people.auditors, car);
};

/** What a credit costs so many days ago: from about 12 to about 17 within the year, and nobody asks the same. */
export const priceOf = (town: Town, today: number): string =>
  (17 - (today / 365) * 5 + (town.random() - 0.5) * 1.6).toFixed(2);

/** The last ones keep their credits for the auctions of today. */
export const AUCTIONEERS = 2;

const list = async (town: Town, owner: Owner, today: number): Promise<void> => {
  if (owner.place >= town.owners - AUCTIONEERS) return;
  const { balance } = await town.runtime
    .callAs(contextAs(town.runtime, owner.actor))
    .credits.wallet({ userId: owner.actor.id });
  const free_g = Math.floor(Number(balance) * 1_000_000);
  const grams = Math.floor(free_g * (0.55 + town.random() * 0.3));
  if (grams < 50_000) return;
  const id = await seedListing(town.runtime, owner.actor, {
    creditsAmount: creditsOf(grams),
    pricePerCredit: priceOf(town, today),
  });
  town.lots.push({ id, left_g: grams });
};

/** So many companies buy a part of what is for sale. */
export const trade = async (town: Town, sales: number): Promise<void> => {
  for (let sale = 0; sale < sales; sale++) {
    const lots = town.lots.filter(({ left_g }) => left_g > 50_000);
    const lot = lots[Math.floor(town.random() * lots.length)];
    const buyer = town.buyers[Math.floor(town.random() * town.buyers.length)];
    if (!lot || !buyer) return;
    const grams = Math.min(lot.left_g, 50_000 + Math.floor(town.random() * 40_000));
    lot.left_g -= grams;
    const order = await seedSale(town.runtime, buyer.actor, lot.id, creditsOf(grams));
    town.orders.push({ id: order, buyer: buyer.actor });
  }
};

const reasons = ["travel", "corporate_inventory", "event", "product"] as const;

/** A company retires most of what it holds, in public. */
const retire = async (town: Town, buyer: Town["buyers"][number], place: number): Promise<void> => {
  const as = town.runtime.callAs(contextAs(town.runtime, buyer.actor));
  const { balance } = await as.credits.wallet({ userId: buyer.actor.id });
  const grams = Math.floor(Number(balance) * 1_000_000 * (0.5 + town.random() * 0.4));
  if (grams < 1_000) return;
  await as.verification.certificates.retire({
    amount: creditsOf(grams),
    beneficiaryName: buyer.name,
    beneficiaryCountry: "VN",
    reason: reasons[place % reasons.length] ?? "other",
  });
};

const FIRST = 360;
const LAST = 80;
const MONTHS = 10;
const PARTS = 3;

/** The year of the town up to eighty days ago: people arrive, list, sell, and companies retire. */
export const yearOf = async (town: Town): Promise<void> => {
  for (let month = 0; month < MONTHS; month++) {
    const today = FIRST - Math.floor((month * (FIRST - LAST)) / (MONTHS - 1));
    town.clock.set(daysAgo(today));
    const arriving = Array.from({ length: town.owners }, (_, place) => place).filter(
      (place) => Math.floor((place * MONTHS) / town.owners) === month,
    );
    for (const place of arriving) await arrive(town, place, today);
    await settle(town.runtime);
    for (const owner of town.drivers.slice(-Math.max(1, arriving.length))) await list(town, owner, today);
    for (let part = 1; part <= PARTS; part++) {
      town.clock.set(daysAgo(today - part * 7));
      await trade(town, Math.round(town.sales / MONTHS / PARTS));
      await settle(town.runtime);
    }
    const buyer = town.buyers[month % town.buyers.length];
    if (buyer && month > 0) await retire(town, buyer, month);
    await settle(town.runtime);
  }
};
