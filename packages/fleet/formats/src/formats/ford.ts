import type { Format } from "../format.ts";

export const ford: Format = {
  name: "ford",
  title: { en: "FordPass trip log", vi: "Nhật ký chuyến đi FordPass" },
  from: "FordPass or BlueCruise trip history, as CSV (United States: month first, miles).",
  shape: "trips",
  needs: [
    "trip_start",
    "trip_end",
    ["distance_miles", "distance_mi", "distance_km"],
    ["efficiency_mi_kwh", "energy_kwh"],
  ],
  columns: {},
  sample:
    "Trip Start,Trip End,Distance (miles),Energy (kWh),Efficiency (mi/kWh)\n" +
    "2/1/2026 8:00:05 AM,2/1/2026 8:30:09 AM,15.2,4.6,3.3\n" +
    "2/13/2026 5:00:00 PM,2/13/2026 5:20:00 PM,10,,4.0\n",
  gives: [
    { start: "2026-02-01T08:00:05Z", end: "2026-02-01T08:30:09Z", km: 24.462, kwh: 4.6 },
    { start: "2026-02-13T17:00:00Z", end: "2026-02-13T17:20:00Z", km: 16.093, kwh: 2.5 },
  ],
};
