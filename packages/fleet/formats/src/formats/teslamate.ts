import type { Format } from "../format.ts";

export const teslamate: Format = {
  name: "teslamate",
  title: { en: "TeslaMate drives", vi: "Chuyến đi TeslaMate" },
  from: "TeslaMate: the table `drives` of its database, as CSV.",
  shape: "trips",
  needs: [
    "start_date",
    "end_date",
    ["start_km", "end_km", "start_rated_range_km", "start_ideal_range_km"],
    "distance",
  ],
  columns: {
    id: ["id"],
    start: ["start_date"],
    end: ["end_date"],
    distance: ["distance"],
    start_odometer: ["start_km"],
    end_odometer: ["end_km"],
    duration_min: ["duration_min"],
  },
  quirks: { utc: true, unit: { is: "km", certain: true } },
  sample:
    "id,start_date,end_date,start_km,end_km,distance,duration_min,start_rated_range_km,end_rated_range_km\n" +
    "11,2026-03-30 00:45:00.123,2026-03-30 01:20:00.5,10000.5,10030.7,30.2,35,390,371\n",
  options: { zone: "Asia/Ho_Chi_Minh" },
  gives: [{ start: "2026-03-30T00:45:00.123Z", end: "2026-03-30T01:20:00.5Z", km: 30.2, kwh: null }],
};
