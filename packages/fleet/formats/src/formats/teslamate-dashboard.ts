import type { Format } from "../format.ts";

/** A panel of its Grafana board. Start and Destination are places there, not times. */
export const teslamateDashboard: Format = {
  name: "teslamate-dashboard",
  title: { en: "TeslaMate dashboard", vi: "Bảng TeslaMate" },
  from: "TeslaMate: dashboard Drives, panel menu, Inspect, Data, Download CSV.",
  shape: "trips",
  needs: [
    ["start_date_ts", "start_date", "date"],
    ["duration_min", "duration", "duration_str"],
    ["distance", "distance_km", "distance_mi"],
  ],
  without: [
    ...["end_time", "end", "end_date", "ended_at", "stop_date", "speed", "started"],
    // Its moments are whole: a time of day in a column of its own is another program's.
    ...["start_time", "trip_start_time", "started_at", "departure", "departure_time", "time", "begin"],
  ],
  columns: {
    start: ["start_date_ts", "start_date", "date"],
    duration_min: ["duration_min", "duration", "duration_str"],
    distance: ["distance", "distance_km", "distance_mi"],
    energy: [
      "consumption_kwh",
      "energy_consumed_net",
      "energy_consumed_net_kwh",
      "energy_consumed_kwh",
      "energy_kwh",
      "net_energy_kwh",
      "kwh",
    ],
    consumption: ["wh_km", "consumption_net_wh_km", "wh_mi"],
    start_location: ["start_address", "start"],
    end_location: ["end_address", "destination"],
    start_odometer: ["start_km", "start_odometer"],
    end_odometer: ["end_km", "end_odometer"],
    notes: ["notes", "comment", "tag"],
  },
  only: true,
  quirks: { zeroEnergyUnknown: true },
  sample:
    '"Date","Start","Destination","Duration","Distance [km]","% Start","% End","Avg Speed","kWh","Wh / km"\n' +
    '"2026-01-01 08:00:00","Home","Work","00:30","21.4","80","74","42.8","4.1","191"\n',
  gives: [{ start: "2026-01-01T08:00:00Z", end: "2026-01-01T08:30:00Z", km: 21.4, kwh: 4.1 }],
};
