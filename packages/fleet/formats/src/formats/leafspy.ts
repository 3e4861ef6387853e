import type { Format } from "../format.ts";

const row = (second: number, metres: number, charge: number) =>
  `03/04/2026 08:${String(Math.floor(second / 60)).padStart(2, "0")}:${String(second % 60).padStart(2, "0")},52 30.00000,13 24.00000,60,${charge},${(34_000 + metres / 1000).toFixed(3)},${1_772_611_200 + second}\n`;

/** Month first, positions in degrees and minutes, charge in ten-thousandths of a percent; its epoch is the certain time. */
export const leafSpy: Format = {
  name: "leafspy",
  title: { en: "Leaf Spy log", vi: "Nhật ký Leaf Spy" },
  from: "Leaf Spy Pro: Settings, CSV logging; Dropbox or the phone's folder.",
  shape: "readings",
  needs: ["date_time", "soc", ["odo_km", "odo_mi"], "epoch_time"],
  columns: {
    start: ["epoch_time"],
    speed: ["speed"],
    lat: ["lat"],
    lon: ["long"],
    soc: ["soc"],
    odometer: ["odo_km", "odo_mi"],
  },
  only: true,
  quirks: { dateOrder: "mdy", chargeParts: 10_000 },
  sample: `Date/Time,Lat,Long,Speed,SOC,Odo(km),epoch time\n${Array.from({ length: 61 }, (_, n) => row(n * 5, n * 83, 800_000 - n * 200)).join("")}`,
  options: { battery_wh: 40_000 },
  gives: [{ start: "2026-03-04T08:00:00Z", end: "2026-03-04T08:05:00Z", km: 4.98, kwh: 0.48 }],
};
