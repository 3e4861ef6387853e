import { moments, readingSynonyms, speeds } from "@evx/columns";
import type { Format } from "../format.ts";

const minute = (n: number) => `08:${String(n).padStart(2, "0")}`;
const tenMinutes = Array.from({ length: 11 }, (_, n) => n);
/** What a table of trips has and a log of readings has not. */
const ofTrips = [
  "distance",
  "distance_km",
  "end_time",
  "end",
  "end_date",
  "start_date",
  "start_time",
  "started_at",
  "ended_at",
  "duration",
  "duration_min",
];

export const abrp: Format = {
  name: "abrp",
  title: { en: "A Better Routeplanner log", vi: "Nhật ký A Better Routeplanner" },
  from: "A Better Routeplanner: drives, export of telemetry.",
  shape: "readings",
  needs: ["utc", "soc", ["lat", "speed", "odometer"]],
  without: ofTrips,
  columns: { ...readingSynonyms, start: ["utc"] },
  only: true,
  sample: `utc,soc,power,speed,lat,lon,is_charging,odometer\n${Array.from({ length: 61 }, (_, n) => `${1_772_611_200 + n * 10},${(80 - n * 0.05).toFixed(2)},15,50,${(48 + n * 0.00125).toFixed(5)},11.5,0,\n`).join("")}`,
  gives: [{ start: "2026-03-04T08:00:00Z", end: "2026-03-04T08:10:00Z", km: 8.333, kwh: null }],
};

export const torque: Format = {
  name: "torque",
  title: { en: "Torque log", vi: "Nhật ký Torque" },
  from: "Torque (Android): track log as CSV.",
  shape: "readings",
  needs: ["gps_time", "device_time", ["speed_obd_km_h", "gps_speed_meters_second", "latitude"]],
  columns: {
    ...readingSynonyms,
    start: ["gps_time", "device_time"],
    speed: ["speed_obd_km_h", "gps_speed_meters_second"],
    soc: ["state_of_charge_pct", "soc_pct"],
  },
  only: true,
  quirks: { dateOrder: "mdy" },
  sample: `GPS Time, Device Time, Longitude, Latitude,GPS Speed (Meters/second),Speed (OBD)(km/h)\n${Array.from({ length: 61 }, (_, n) => `Fri Feb 18 17:${String(Math.floor(n / 60) + 7).padStart(2, "0")}:${String(n % 60).padStart(2, "0")} EST 2022,18-Feb-2022 17:07:00.743,-73.0,40.8,15.0,54\n`).join("")}`,
  gives: [{ start: "2022-02-18T22:07:00Z", end: "2022-02-18T22:08:00Z", km: 0.9, kwh: null }],
};

export const ovms: Format = {
  name: "ovms",
  title: { en: "Open Vehicle Monitoring System log", vi: "Nhật ký Open Vehicle Monitoring System" },
  from: "OVMS: the server's historical log as CSV.",
  shape: "readings",
  needs: [["date", "datetime", "timestamp"], ["odometer_km", "odometer"], ["trip_km", "trip"], "soc"],
  without: ["end_time", "end"],
  columns: {
    ...readingSynonyms,
    start: ["date", "datetime", "timestamp"],
    date: [],
    energy: ["energy_used_wh", "energy_used_kwh"],
  },
  only: true,
  sample:
    "date,odometer_km,trip_km,soc,energy_used_wh,speed\n2026-02-01 08:00:00,1000.0,0,80,0,0\n2026-02-01 08:30:00,1020.0,20.0,74,3500,0\n",
  gives: [{ start: "2026-02-01T08:00:00Z", end: "2026-02-01T08:30:00Z", km: 20, kwh: 3.5 }],
};

export const gpx: Format = {
  name: "gpx",
  title: { en: "GPX track", vi: "Lộ trình GPX" },
  from: "Any recorder of positions: a phone, a dashcam, a navigation device. Points need a time.",
  shape: "readings",
  needs: ["time", "latitude", "longitude", "gpx_part"],
  columns: { start: ["time"], lat: ["latitude"], lon: ["longitude"] },
  only: true,
  quirks: { gapsDriven: true },
  sample: `<?xml version="1.0"?><gpx><trk><trkseg>${tenMinutes.map((n) => `<trkpt lat="${(48.1 + n * 0.005).toFixed(3)}" lon="11.5"><time>2026-02-01T${minute(n)}:00Z</time></trkpt>`).join("")}</trkseg></trk></gpx>`,
  gives: [{ start: "2026-02-01T08:00:00Z", end: "2026-02-01T08:10:00Z", km: 5.56, kwh: null }],
};

export const logger: Format = {
  name: "logger",
  title: { en: "Readings of a logger", vi: "Bản ghi của thiết bị ghi" },
  from: "Any log with a time and the speed, the position or the odometer of that moment.",
  shape: "readings",
  needs: [
    [...moments, "time", "date"],
    [...speeds, "lat", "latitude", "odometer", "odometer_km"],
  ],
  without: [...ofTrips, "quang_duong", "quang_duong_km", "km", "miles"],
  columns: readingSynonyms,
  only: true,
  sample: `time;"Speed (km/h)";"SOC"\n${Array.from({ length: 61 }, (_, n) => `2026-02-01 08:${String(Math.floor(n / 60)).padStart(2, "0")}:${String(n % 60).padStart(2, "0")};${n % 2 === 0 ? "54" : ""};${n % 2 === 0 ? "" : "80"}\n`).join("")}`,
  gives: [{ start: "2026-02-01T08:00:00Z", end: "2026-02-01T08:01:00Z", km: 0.9, kwh: null }],
};
