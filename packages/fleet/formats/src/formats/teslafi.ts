import type { Format } from "../format.ts";

const readings: [string, string, number, number][] = [
  ["10:00:00", "P", 1000, 80],
  ["10:01:00", "D", 1000, 80],
  ["10:02:00", "D", 1001, 79],
  ["10:03:00", "D", 1002, 79],
  ["10:04:00", "P", 1002.5, 78],
];

export const teslafi: Format = {
  name: "teslafi",
  title: { en: "TeslaFi raw log", vi: "Nhật ký thô TeslaFi" },
  from: "TeslaFi: Settings, Download, a month of raw data.",
  shape: "tesla-minutes",
  needs: ["shift_state", "odometer", ["date", "datetime"]],
  columns: {
    start: ["date", "datetime"],
    shift_state: ["shift_state"],
    odometer: ["odometer"],
    speed: ["speed"],
    lat: ["latitude"],
    lon: ["longitude"],
    soc: ["usable_battery_level", "battery_level"],
  },
  only: true,
  quirks: { unit: { is: "mi", certain: true } },
  sample: `Date,shift_state,odometer,speed,latitude,longitude,battery_level\n${readings
    .map(([time, shift, odometer, soc]) => `2026-02-01 ${time},${shift},${odometer},30,48.1,11.5,${soc}\n`)
    .join("")}`,
  gives: [{ start: "2026-02-01T10:01:00Z", end: "2026-02-01T10:04:00Z", km: 4.023, kwh: null }],
};
