import { ownSynonyms } from "@evx/columns";
import type { Format } from "../format.ts";

/** Our own table, and whatever calls its columns like it. */
export const evx: Format = {
  name: "evx",
  title: { en: "Table of trips", vi: "Bảng chuyến đi" },
  from: "Our own CSV, a spreadsheet, or any program with columns of these names.",
  shape: "trips",
  needs: [
    [...ownSynonyms.start, ...ownSynonyms.end],
    [...ownSynonyms.end, ...ownSynonyms.duration_min, ...ownSynonyms.duration_s],
    [...ownSynonyms.distance, ...ownSynonyms.end_odometer],
  ],
  columns: ownSynonyms,
  only: true,
  sample:
    "start_time,end_time,distance_km,energy_kwh,notes\n" +
    "2026-03-01 08:00,2026-03-01 08:30,12.5,2.1,work\n" +
    "2026-03-01 17:10:30,2026-03-01 17:55,13.2 km,2300 Wh,home\n",
  gives: [
    { start: "2026-03-01T08:00:00Z", end: "2026-03-01T08:30:00Z", km: 12.5, kwh: 2.1 },
    { start: "2026-03-01T17:10:30Z", end: "2026-03-01T17:55:00Z", km: 13.2, kwh: 2.3 },
  ],
};
