import { ownSynonyms } from "@evx/columns";
import type { Format } from "../format.ts";

/** A day's record: a date and a distance, nothing finer. Named as our table, of which it is the coarse form. */
export const evxDays: Format = {
  name: "evx",
  title: { en: "Table of days", vi: "Bảng theo ngày" },
  from: "A logbook that has a date and the day's distance.",
  shape: "trips",
  needs: [ownSynonyms.date, ownSynonyms.distance],
  columns: ownSynonyms,
  only: true,
  sample: "Ngày;Quãng đường (km);Điện năng\n01/02/2026;1.034,5;180,3\n28/02/2026;45,5;7,1\n",
  gives: [
    { start: "2026-02-01T00:00:00Z", end: "2026-02-02T00:00:00Z", km: 1034.5, kwh: 180.3 },
    { start: "2026-02-28T00:00:00Z", end: "2026-03-01T00:00:00Z", km: 45.5, kwh: 7.1 },
  ],
};
