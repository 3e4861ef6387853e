import type { Format } from "../format.ts";

export const tessie: Format = {
  name: "tessie",
  title: { en: "Tessie drives", vi: "Chuyến đi Tessie" },
  from: "Tessie: Drives, export (CSV), or its API (JSON, unix seconds, miles).",
  shape: "trips",
  needs: ["started_at", "ended_at", ["odometer_distance", "odometer_distance_mi", "odometer_distance_km"]],
  columns: {
    distance: ["odometer_distance", "odometer_distance_mi", "odometer_distance_km"],
    energy: ["energy_used", "energy_used_kwh"],
    start_odometer: ["starting_odometer"],
    end_odometer: ["ending_odometer"],
  },
  quirks: { unit: { is: "mi", certain: false }, zeroEnergyUnknown: true },
  sample:
    "Started At,Ended At,Starting Location,Ending Location,Starting Battery (%),Energy Used (kWh),Odometer Distance (mi),Tag\n" +
    "2026-07-01 08:00 AM,2026-07-01 08:30 AM,Home,Work,80,4.0,15.0,\n" +
    "2026-07-01 05:10 PM,2026-07-01 05:40 PM,Work,Home,75,0,15.0,\n",
  gives: [
    { start: "2026-07-01T08:00:00Z", end: "2026-07-01T08:30:00Z", km: 24.14, kwh: 4 },
    { start: "2026-07-01T17:10:00Z", end: "2026-07-01T17:40:00Z", km: 24.14, kwh: null },
  ],
};
