import type { Format } from "../format.ts";

export const polestar: Format = {
  name: "polestar",
  title: { en: "Polestar journey log", vi: "Nhật ký hành trình Polestar" },
  from: "Polestar: Journey Log app, export.",
  shape: "trips",
  needs: ["start_date", "end_date", "distance_in_km", ["consumption_in_kwh", "start_odometer"]],
  columns: {
    distance: ["distance_in_km"],
    energy: ["consumption_in_kwh"],
    notes: ["comments", "category"],
  },
  quirks: { zeroEnergyUnknown: true },
  sample:
    "Start Date,End Date,Start Address,End Address,Distance in KM,Consumption in Kwh,Category,Start Odometer,End Odometer\n" +
    '"2026-09-10, 15:04","2026-09-10, 15:08","A, Town","B","4","1.4","Private","21500","21504"\n' +
    '"2026-09-11, 07:10","2026-09-11, 09:21","B","C","125","0","","21504","21629"\n',
  gives: [
    { start: "2026-09-10T15:04:00Z", end: "2026-09-10T15:08:00Z", km: 4, kwh: 1.4 },
    { start: "2026-09-11T07:10:00Z", end: "2026-09-11T09:21:00Z", km: 125, kwh: null },
  ],
};
