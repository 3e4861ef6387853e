import type { Format } from "../format.ts";

/** Reports of fleets' boxes: usually of many cars at once, told apart by their vehicle column. */
export const samsara: Format = {
  name: "samsara",
  title: { en: "Samsara trip report", vi: "Báo cáo chuyến đi Samsara" },
  from: "Samsara: Reports, Trip history, CSV.",
  shape: "trips",
  needs: ["vehicle", "driver", "start_time", "end_time", ["distance_mi", "distance_km"]],
  columns: { notes: [] },
  sample:
    "Vehicle,Driver,Start Time,Start Location,End Time,End Location,Distance (mi),Duration,Avg Speed (mph)\n" +
    "Van 1,X,2/3/26 8:00 AM,A,2/3/26 8:30 AM,B,15.5,30m,31\n",
  gives: [{ start: "2026-02-03T08:00:00Z", end: "2026-02-03T08:30:00Z", km: 24.945, kwh: null }],
};

export const geotab: Format = {
  name: "geotab",
  title: { en: "Geotab trips detail", vi: "Chi tiết chuyến đi Geotab" },
  from: "MyGeotab: Trips history, Report, Trips detail.",
  shape: "trips",
  needs: ["device", "start_date", "stop_date", "distance", "stop_duration"],
  columns: { start: ["start_date"], end: ["stop_date"], duration_min: ["driving_duration"] },
  sample:
    "Device,Start Date,Driving Duration,Stop Date,Distance,Stop Duration,Idling Duration,Maximum Speed\n" +
    "Van 1,02/13/2026 8:00:00 AM,00:30:00,02/13/2026 8:30:00 AM,15.5,01:00:00,00:02:00,55\n",
  gives: [{ start: "2026-02-13T08:00:00Z", end: "2026-02-13T08:30:00Z", km: 15.5, kwh: null }],
};
