import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type { Runtime } from "@evx/runtime";
import { contextAs } from "./people.ts";

const day_ms = 86_400_000;

export type Car = {
  make: string;
  model: string;
  year: number;
  vin: string;
  countryCode: string;
  batteryKwh: number;
  class?: "motorcycle";
};

/** A small generator of numbers that are the same in every demo world (mulberry32). */
export const numbers = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

/** Where somebody lives and when they leave, so that no two people drive the same way at the same minute. */
export type Home = {
  lat: number;
  lon: number;
  leaves_min: number;
  /** What the vehicle takes from its battery. */
  kwhPer100Km: number;
};

const saigon: Home = { lat: 10.7769, lon: 106.7009, leaves_min: 10, kwhPer100Km: 17 };

/** A commuter's days as CSV: there in the morning, back in the evening, now and then a journey at the weekend. */
export const commuting = (
  from: Date,
  days: number,
  kmEachWay: number,
  seed: number,
  home = saigon,
): string => {
  const random = numbers(seed);
  const lines = [
    "start_time,end_time,distance_km,energy_consumed,start_lat,start_long,end_lat,end_long,notes",
  ];
  const trip = (start: number, km: number, note: string) => {
    const minutes = Math.round(km * (1.4 + random() * 0.8)) + 3;
    const kwh = (km * home.kwhPer100Km * (0.85 + random() * 0.3)) / 100;
    const reach = (km / 111) * 0.7;
    const at = (millis: number) => new Date(millis).toISOString().replace(".000", "");
    const place = `${home.lat},${home.lon},${(home.lat + reach * 0.8).toFixed(4)},${(home.lon + reach * 0.55).toFixed(4)}`;
    lines.push(
      `${at(start)},${at(start + minutes * 60_000)},${km.toFixed(1)},${kwh.toFixed(2)},${place},${note}`,
    );
  };
  for (let day = 0; day < days; day++) {
    const midnight = Math.floor(from.getTime() / day_ms) * day_ms + day * day_ms;
    const weekday = new Date(midnight).getUTCDay();
    if (weekday >= 1 && weekday <= 5) {
      // Nobody leaves at the same minute each day; two who did would look like one drive told twice.
      const leaves = (minute: number) =>
        midnight + Math.round(home.leaves_min + minute + random() * 50) * 60_000;
      trip(leaves(0), kmEachWay * (0.95 + random() * 0.1), "To work");
      trip(leaves(600), kmEachWay * (0.95 + random() * 0.1), "Home");
    } else if (weekday === 6 && random() < 0.6)
      trip(midnight + Math.round(100 + random() * 60) * 60_000, kmEachWay * (1.5 + random() * 2), "Weekend");
  }
  return `${lines.join("\n")}\n`;
};

/** Imports trips into a car, as its owner. */
export const seedTrips = async (
  runtime: Runtime,
  owner: Actor,
  id: Id<"vehicle">,
  trips: string,
): Promise<void> => {
  const answer = await runtime.callAs(contextAs(runtime, owner)).vehicles.importTrips({
    id,
    content: new Blob([trips]).stream(),
    contentType: "text/csv",
    fileName: "trips.csv",
  });
  if (answer.imported === 0) throw new Error(`The demo trips of ${id} were not imported`);
};

/** Registers a car and imports its trips, as its owner. */
export const seedGarage = async (
  runtime: Runtime,
  owner: Actor,
  car: Car,
  trips: string,
): Promise<Id<"vehicle">> => {
  const { vehicle } = await runtime.callAs(contextAs(runtime, owner)).vehicles.create(car);
  await seedTrips(runtime, owner, vehicle.id, trips);
  return vehicle.id;
};
