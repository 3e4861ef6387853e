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
};

/** A small generator of numbers that are the same in every demo world (mulberry32). */
const numbers = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

/** A commuter's days as CSV: there in the morning, back in the evening, now and then a journey at the weekend. */
export const commuting = (from: Date, days: number, kmEachWay: number, seed: number): string => {
  const random = numbers(seed);
  const lines = [
    "start_time,end_time,distance_km,energy_consumed,start_lat,start_long,end_lat,end_long,notes",
  ];
  const trip = (start: number, km: number, note: string) => {
    const minutes = Math.round(km * (1.4 + random() * 0.8)) + 3;
    const kwh = (km * (14 + random() * 6)) / 100;
    const reach = (km / 111) * 0.7;
    const at = (millis: number) => new Date(millis).toISOString().replace(".000", "");
    const place = `10.7769,106.7009,${(10.7769 + reach * 0.8).toFixed(4)},${(106.7009 + reach * 0.55).toFixed(4)}`;
    lines.push(
      `${at(start)},${at(start + minutes * 60_000)},${km.toFixed(1)},${kwh.toFixed(2)},${place},${note}`,
    );
  };
  for (let day = 0; day < days; day++) {
    const midnight = Math.floor(from.getTime() / day_ms) * day_ms + day * day_ms;
    const weekday = new Date(midnight).getUTCDay();
    if (weekday >= 1 && weekday <= 5) {
      // Nobody leaves at the same minute each day; two who did would look like one drive told twice.
      const leaves = (minute: number) => midnight + Math.round(minute + random() * 50) * 60_000;
      trip(leaves(10), kmEachWay * (0.95 + random() * 0.1), "To work");
      trip(leaves(610), kmEachWay * (0.95 + random() * 0.1), "Home");
    } else if (weekday === 6 && random() < 0.6)
      trip(midnight + Math.round(100 + random() * 60) * 60_000, 40 + random() * 90, "Weekend");
  }
  return `${lines.join("\n")}\n`;
};

/** Registers a car and imports its trips, as its owner. */
export const seedGarage = async (
  runtime: Runtime,
  owner: Actor,
  car: Car,
  trips: string,
): Promise<Id<"vehicle">> => {
  const as = runtime.callAs(contextAs(runtime, owner));
  const { vehicle } = await as.vehicles.create(car);
  const answer = await as.vehicles.importTrips({
    id: vehicle.id,
    content: new Blob([trips]).stream(),
    contentType: "text/csv",
    fileName: "trips.csv",
  });
  if (answer.imported === 0) throw new Error(`The demo trips of ${car.model} were not imported`);
  return vehicle.id;
};
