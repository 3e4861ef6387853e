import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { daysAgo } from "./days.ts";
import { type Car, commuting, type Home, numbers, seedGarage, seedTrips } from "./garage.ts";
import { seedCredits, seedListing, seedSale, settle } from "./market.ts";
import { actForCompany, contextAs, register, type Stage, showName } from "./people.ts";

/** How many there are of each, and how many sales of the town's there are on each day that sells. */
export type Size = {
  owners: number;
  companies: number;
  sales: number;
  perDay: number;
  /** Days of driving with which an owner arrives. */
  days: number;
  /** Cars of the taxi fleet. */
  taxis: number;
};

const sizes = {
  /** The least in which there is something of everything. */
  street: { owners: 6, companies: 5, sales: 20, perDay: 0, days: 42, taxis: 0 },
  /** Twelve months of forty owners, one of them with taxis, and two hundred sales. */
  town: { owners: 40, companies: 14, sales: 210, perDay: 2, days: 105, taxis: 8 },
} satisfies Record<string, Size>;

/** The world of a name; the small one without it. Refuses a name that is none. */
export const sizeOf = (name: string | undefined): Size => {
  if (!name) return sizes.street;
  const found = Object.entries(sizes).find(([known]) => known === name);
  if (!found) throw new Error(`The demo world is ${Object.keys(sizes).join(" or ")}, not ${name}.`);
  return found[1];
};

const names = [
  "Trần Thị Mai",
  "Hoàng Gia Huy",
  "Phan Thanh Tùng",
  "Đỗ Ngọc Lan Anh",
  "Vũ Đức Thắng",
  "Bùi Thị Hạnh",
  "Ngô Quang Vinh",
  "Đặng Minh Châu",
  "Lý Hải Yến",
  "Trịnh Công Sơn Tùng",
  "Hồ Thị Bích Ngọc",
  "Dương Văn Khánh",
  "Cao Thùy Dung",
  "Mai Anh Tuấn",
  "Lương Thị Thu Hà",
  "Tạ Quang Dũng",
  "Đinh Phương Thảo",
  "Nguyễn Hoàng Nam",
  "Võ Thị Kim Oanh",
  "Trương Gia Bảo",
  "Phùng Khánh Linh",
  "Lâm Chí Thành",
  "Kiều Minh Tuệ",
  "Quách Thị Hồng Nhung",
  "Châu Bảo Ngọc",
  "Nghiêm Xuân Phúc",
  "Hà Kiều Oanh",
  "Thái Văn Lộc",
  "La Thị Cẩm Tú",
  "Tô Hữu Nghĩa",
  "Phạm Ngọc Diệp",
  "Trần Đăng Khoa",
  "Lê Thị Thanh Thúy",
  "Huỳnh Tấn Phát",
  "Bạch Thu Trang",
  "Từ Công Minh",
  "Mạc Thị Hiền",
  "Đoàn Nhật Quang",
  "Vương Thùy Linh",
  "Nông Văn Sơn",
];
const firms = [
  "Lotus Bay Hotels",
  "Tràng An Textiles",
  "Mekong Cold Chain",
  "Sông Hồng Coffee",
  "Hải Vân Logistics",
  "Phú Quốc Resorts",
  "Bến Thành Foods",
  "Hội An Ceramics",
  "Đông Hồ Printing",
  "Lam Sơn Cement",
  "Cát Bà Seafood",
  "Tây Nguyên Honey",
  "An Giang Rice",
  "Kẻ Gỗ Furniture",
];
/** From the catalogue, with what each takes from its battery. */
const cars = [
  ["VinFast", "VF 5", 37.2, 14],
  ["BYD", "Dolphin", 60.4, 15],
  ["VinFast", "VF 6", 59.6, 16],
  ["Hyundai", "Ioniq 5 Long Range", 74, 17],
  ["VinFast", "VF e34", 41.9, 15],
  ["Tesla", "Model 3 Long Range", 75, 15],
  ["VinFast", "Herio Green", 37.2, 14],
  ["MG", "MG4", 61.7, 16],
] as const;
const scooters = [
  ["VinFast", "Feliz S", 3.5, 2.6],
  ["Dat Bike", "Weaver 200", 5, 2.8],
  ["VinFast", "Klara S", 3.5, 2.6],
  ["Yadea", "Voltguard", 2.2, 2.3],
] as const;
/** Every so manieth owner rides a scooter. */
const EVERY = 5;
const rides = (place: number): boolean => place % EVERY === EVERY - 2;
const cities = [
  [21.0278, 105.8342],
  [16.0471, 108.2068],
  [10.0452, 105.7469],
  [20.8449, 106.6881],
  [12.2388, 109.1967],
] as const;

export type Owner = { actor: Actor; car: Id<"vehicle">; place: number; home: Home; kmEachWay: number };
type Lot = { id: Id<"listing">; left_g: number; price: string };
export type Town = Stage &
  Size & {
    owners: number;
    random: () => number;
    drivers: Owner[];
    buyers: { actor: Actor; name: string }[];
    lots: Lot[];
    orders: { id: Id<"order">; buyer: Actor }[];
    taxi?: Actor;
  };

/** Grams as decimal credits: 36000 → "0.036000". */
export const creditsOf = (grams: number): string => (grams / 1_000_000).toFixed(6);

/** A company comes that buys. */
const settleDown = async (town: Town, place: number): Promise<void> => {
  const name = firms[place % firms.length] ?? "";
  const actor = await register(town.runtime, town.people.admin, {
    email: `company${place + 1}@demo.evx`,
    fullName: name,
    role: "buyer",
    locale: "vi",
  });
  await actForCompany(town.runtime, actor, name);
  town.buyers.push({ actor, name });
};

/** So many companies are there from the first day on; of the others one comes each month. */
const FOUNDERS = 5;

/** The town with its first companies, before anybody drives in it. */
export const foundTown = async (stage: Stage, size: Size): Promise<Town> => {
  const town: Town = {
    ...stage,
    ...size,
    random: numbers(2026),
    drivers: [],
    buyers: [],
    lots: [],
    orders: [],
  };
  for (let place = 0; place < Math.min(FOUNDERS, size.companies); place++) await settleDown(town, place);
  return town;
};

const modelOf = (place: number) =>
  rides(place) ? (scooters[place % scooters.length] ?? scooters[0]) : (cars[place % cars.length] ?? cars[0]);

const carOf = (place: number): Car => {
  const [make, model, batteryKwh] = modelOf(place);
  return {
    make,
    model,
    batteryKwh,
    year: 2022 + (place % 4),
    vin: `RLLVE5CX0RH${String(100_000 + place * 37)}`,
    countryCode: "VN",
    ...(rides(place) ? { class: "motorcycle" as const } : {}),
  };
};

const nameOf = (place: number): string => {
  const name = names[place % names.length] ?? "";
  return place < names.length ? name : `${name} ${Math.floor(place / names.length) + 1}`;
};

/** An owner arrives with weeks of trips, which become credits and a listing. */
const arrive = async (town: Town, place: number, today: number): Promise<void> => {
  const { runtime, people, random } = town;
  const actor = await register(runtime, people.admin, {
    email: `driver${place + 1}@demo.evx`,
    fullName: nameOf(place),
    role: "ev_owner",
    locale: "vi",
  });
  // Some of them sell under their pseudonym.
  if (place % 4 !== 3) await showName(runtime, actor, nameOf(place));
  const [lat, lon] = cities[place % cities.length] ?? cities[0];
  const home = {
    lat: Number((lat + random() * 0.08).toFixed(4)),
    lon: Number((lon + random() * 0.08).toFixed(4)),
    leaves_min: 5 + Math.floor(random() * 110),
    kwhPer100Km: modelOf(place)[3],
  };
  const kmEachWay = rides(place) ? 9 + random() * 8 : 14 + random() * 26;
  const trips = commuting(daysAgo(today + town.days), town.days, kmEachWay, 1_000 + place, home);
  const car = await seedGarage(runtime, actor, carOf(place), trips);
  town.drivers.push({ actor, car, place, home, kmEachWay });
  await seedCredits(runtime, actor, people.auditors, car);
};

/** What a credit costs so many days ago: from about 12 to about 17 within the year, and nobody asks the same. */
export const priceOf = (town: Town, today: number): string =>
  (17 - (today / 365) * 5 + (town.random() - 0.5) * 1.6).toFixed(2);

/** The last ones keep their credits for the auctions of today. */
export const auctioneers = ({ owners }: Size): number => (owners > 10 ? 4 : 2);

export const list = async (town: Town, owner: Owner, today: number): Promise<void> => {
  if (owner.place >= town.owners - auctioneers(town)) return;
  const { balance } = await town.runtime
    .callAs(contextAs(town.runtime, owner.actor))
    .credits.wallet({ userId: owner.actor.id });
  const free_g = Math.floor(Number(balance) * 1_000_000);
  const grams = Math.floor(free_g * (0.45 + town.random() * 0.3));
  if (grams < 42_000) return;
  const price = priceOf(town, today);
  const id = await seedListing(town.runtime, owner.actor, {
    creditsAmount: creditsOf(grams),
    pricePerCredit: price,
  });
  town.lots.push({ id, left_g: grams, price });
};

/**
 * Among so many of the cheapest lots a company chooses: by auditor, seller or car. Were they fewer, the same few people would
 * trade with each other all year, and the price model rightly doubts such sales.
 */
const COMPARED = 14;

/** So many companies buy a part of what is for sale. */
export const trade = async (town: Town, sales: number): Promise<void> => {
  for (let sale = 0; sale < sales; sale++) {
    const lots = town.lots
      .filter(({ left_g }) => left_g > 50_000)
      .sort((one, other) => Number(one.price) - Number(other.price))
      .slice(0, COMPARED);
    const lot = lots[Math.floor(town.random() * lots.length)];
    const buyer = town.buyers[Math.floor(town.random() * town.buyers.length)];
    if (!lot || !buyer) return;
    const part = 50_000 + Math.floor(town.random() * 30_000);
    // Nobody leaves a rest that is too small for the next one.
    const grams = lot.left_g - part > 50_000 ? part : lot.left_g;
    lot.left_g -= grams;
    // Nobody buys at the same minute as another; all are settled before the first one's time to pay is over.
    town.clock.set(new Date(town.clock.now().getTime() + 3 * 60_000));
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

/** The company whose taxis drive day and night: one file of cars, one file of trips, one request for each car. */
const foundTaxis = async (town: Town, today: number): Promise<void> => {
  if (town.taxis === 0) return;
  const { runtime, people } = town;
  const actor = await register(runtime, people.admin, {
    email: "taxi@demo.evx",
    fullName: "Taxi Xanh Sài Gòn",
    role: "ev_owner",
    locale: "vi",
  });
  await actForCompany(runtime, actor, "Taxi Xanh Sài Gòn");
  const as = runtime.callAs(contextAs(runtime, actor));
  const streamOf = (text: string) => new Blob([text]).stream();
  const vins = Array.from({ length: town.taxis }, (_, car) => `RLLVE5CX0RH${String(200_000 + car * 41)}`);
  const added = await as.fleet.addCars({
    content: streamOf(
      [
        "vin,make,model,year,country,plate,name",
        ...vins.map((vin, car) => `${vin},VinFast,VF 5,2024,VN,51H-${100 + car}.0${car},Taxi ${car + 1}`),
      ].join("\n"),
    ),
  });
  const days = Math.round(town.days / 2);
  for (const [place, { id }] of added.vehicles.entries()) {
    const home = { lat: 10.78, lon: 106.69 + place * 0.01, leaves_min: 20 + place * 23, kwhPer100Km: 14 };
    await seedTrips(
      runtime,
      actor,
      id,
      commuting(daysAgo(today + days), days, 120 - place * 4, 7_000 + place, home),
    );
    await seedCredits(runtime, actor, people.auditors, id);
  }
  await settle(runtime);
  town.taxi = actor;
  await listTaxis(town, { lots: 16, share: 0.55, today });
};

/**
 * Offers a share of the taxis' credits in lots, each a little smaller than the one before. `between` is done after each of
 * them, so that not all that is new on the market is one seller's.
 */
export const listTaxis = async (
  town: Town,
  { lots, share, today }: { lots: number; share: number; today: number },
  between: () => Promise<void> = async () => {},
): Promise<void> => {
  if (!town.taxi) return;
  const { balance } = await town.runtime
    .callAs(contextAs(town.runtime, town.taxi))
    .credits.wallet({ userId: town.taxi.id });
  const most_g = Math.floor((Number(balance) * 1_000_000 * share) / lots);
  for (let lot = 0; lot < lots; lot++) {
    const grams = most_g - lot * 500;
    if (grams < 50_000) return;
    const price = priceOf(town, today);
    const id = await seedListing(town.runtime, town.taxi, {
      creditsAmount: creditsOf(grams),
      pricePerCredit: price,
    });
    town.lots.push({ id, left_g: grams, price });
    await between();
  }
};

const FIRST = 360;
const LAST = 80;
const MONTHS = 10;
const PARTS = 3;
const TAXIS_FROM = 4;

/** The year of the town up to eighty days ago: people arrive, list, sell, and companies retire. */
export const yearOf = async (town: Town): Promise<void> => {
  for (let month = 0; month < MONTHS; month++) {
    const today = FIRST - Math.floor((month * (FIRST - LAST)) / (MONTHS - 1));
    town.clock.set(daysAgo(today));
    const arriving = Array.from({ length: town.owners }, (_, place) => place).filter(
      (place) => Math.floor((place * MONTHS) / town.owners) === month,
    );
    for (const place of arriving) await arrive(town, place, today);
    if (town.buyers.length < town.companies) await settleDown(town, town.buyers.length);
    if (month === TAXIS_FROM) await foundTaxis(town, today);
    await settle(town.runtime);
    for (const owner of town.drivers.slice(-Math.max(1, arriving.length))) await list(town, owner, today);
    for (let part = 1; part <= PARTS; part++) {
      town.clock.set(daysAgo(today - part * 7));
      await trade(town, Math.round(town.sales / MONTHS / PARTS));
      await settle(town.runtime);
    }
    const retiring = town.owners > 10 ? [month, month + 5, month + 9] : [month];
    for (const place of month > 0 ? retiring : []) {
      const buyer = town.buyers[place % town.buyers.length];
      if (buyer) await retire(town, buyer, place);
    }
    await settle(town.runtime);
    // Those who were here before offer more of what they have.
    for (const owner of town.owners > 10 ? town.drivers.slice(month % 3, -arriving.length) : [])
      if (owner.place % 3 === month % 3) await list(town, owner, today);
  }
};
