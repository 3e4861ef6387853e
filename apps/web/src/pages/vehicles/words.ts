import { formatTitle } from "@evx/formats/titles";
import type { Tone } from "@evx/ui";
import { useText } from "../../i18n/index.ts";
import type { Answer, api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { currentLocale } from "../../lib/locale.ts";

export type Vehicle = Answer<typeof api.vehicles.list>["items"][number];
export type Trip = Answer<typeof api.vehicles.trips>["items"][number];
export type TripDetail = Answer<typeof api.vehicles.trip>;
export type Import = Answer<typeof api.imports.byId>;

export const nameOf = (vehicle: { make: string; model: string }): string =>
  `${vehicle.make} ${vehicle.model}`;

export const tripTones = {
  recorded: "info",
  claimed: "warning",
  verified: "positive",
  released: "neutral",
} as const satisfies Record<Trip["status"], Tone>;

export const importTones = {
  receiving: "info",
  queued: "info",
  running: "info",
  done: "positive",
  failed: "negative",
  cancelled: "neutral",
  undone: "neutral",
} as const satisfies Record<Import["status"], Tone>;

export const isOpen = (status: Import["status"]): boolean =>
  status === "receiving" || status === "queued" || status === "running";

/** Words that several pages of this area share. */
export const useVehicleWords = () => {
  const t = useText("vehicles");
  const f = useFormat();
  return {
    trips: (count: number) => t.n("vehicle.trips", count),
    kmh: (value: number) => `${f.number(value, { maximumFractionDigits: 0 })}\u00a0km/h`,
    use: (value: number) => `${f.number(value, { maximumFractionDigits: 1 })}\u00a0kWh/100\u00a0km`,
    /** When a trip was, by the clocks where the vehicle is: a day's record has no time of day. */
    when: (trip: Pick<Trip, "startTime" | "precision">, zone: string) =>
      trip.precision === "day" ? f.date(trip.startTime, zone) : f.dateTime(trip.startTime, zone),
    /** What a person calls the source of a trip. */
    format: (name: string) => formatTitle(name, currentLocale()),
    duration: (minutes: number) => {
      const hours = Math.floor(minutes / 60);
      const rest = t.n("trip.minutes", Math.round(minutes % 60));
      return hours > 0 ? `${f.number(hours)}\u00a0h ${rest}` : rest;
    },
  };
};
