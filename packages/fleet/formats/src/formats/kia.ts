import type { Format } from "../format.ts";

const from = "hyundai_kia_connect_monitor, the files that it writes beside its own log.";

export const kiaDailyStats: Format = {
  name: "kia-dailystats",
  title: { en: "Hyundai/Kia daily statistics", vi: "Thống kê ngày Hyundai/Kia" },
  from: `${from} \`monitor.dailystats.csv\``,
  shape: "growing-days",
  needs: [["datetime", "date"], "distance", "distance_unit", "total_consumed"],
  columns: {
    date: ["datetime", "date"],
    distance: ["distance"],
    distance_unit: ["distance_unit"],
    energy: ["total_consumed"],
  },
  only: true,
  quirks: { energyUnit: "wh" },
  sample:
    "date, distance, distance_unit, total_consumed, regenerated_energy\n" +
    "20260301, 10, km, 1800, 300\n20260301, 25, km, 4400, 700\n20260302, 8, km, 1500, 100\n",
  gives: [
    { start: "2026-03-01T00:00:00Z", end: "2026-03-02T00:00:00Z", km: 25, kwh: 4.4 },
    { start: "2026-03-02T00:00:00Z", end: "2026-03-03T00:00:00Z", km: 8, kwh: 1.5 },
  ],
};

export const kiaTripInfo: Format = {
  name: "kia-tripinfo",
  title: { en: "Hyundai/Kia trip log", vi: "Nhật ký chuyến đi Hyundai/Kia" },
  from: `${from} \`monitor.tripinfo.csv\``,
  shape: "trips",
  needs: ["date", "start_time", "drive_time", "idle_time", "distance"],
  columns: {
    date: ["date"],
    time: ["start_time"],
    duration_min: ["drive_time"],
    idle_min: ["idle_time"],
    distance: ["distance"],
  },
  only: true,
  quirks: { coarseEnergy: true },
  sample:
    "Date, Start time, Drive time, Idle time, Distance, Avg speed, Max speed\n20260301, 081500, 20, 3, 12, 36, 71\n",
  gives: [{ start: "2026-03-01T08:15:00Z", end: "2026-03-01T08:36:00Z", km: 12, kwh: null }],
};

export const kiaTrips: Format = {
  name: "kia-trips",
  title: { en: "Hyundai/Kia monitor trips", vi: "Chuyến đi từ bộ theo dõi Hyundai/Kia" },
  from: `${from} \`summary.trip.csv\``,
  shape: "trips",
  needs: ["date", "odometer", "distance", "minus_kwh", "plus_kwh"],
  columns: { start: ["date"], odometer: ["odometer"], distance: ["distance"], energy: ["minus_kwh"] },
  only: true,
  quirks: { zeroEnergyUnknown: true, coarseEnergy: true, negativeEnergy: true, endOnly: true },
  sample:
    "Date, Odometer, Distance, -kWh, +kWh\n" +
    "2026-03-01 08:30, 12020.0, 20.0, -3.2, 0.0\n2026-03-01 17:30, 12040.0, 20.0, 0.0, 0.0\n",
  gives: [
    { start: "2026-03-01T08:00:00Z", end: "2026-03-01T08:30:00Z", km: 20, kwh: 3.2 },
    { start: "2026-03-01T17:00:00Z", end: "2026-03-01T17:30:00Z", km: 20, kwh: null },
  ],
};

export const kiaDays: Format = {
  name: "kia-days",
  title: { en: "Hyundai/Kia monitor days", vi: "Ngày từ bộ theo dõi Hyundai/Kia" },
  from: `${from} \`summary.csv\``,
  shape: "trips",
  needs: ["period", "date", ["delta_km", "driven_km", "delta_mi", "driven_mi"]],
  columns: {
    id: ["period"],
    date: ["date"],
    odometer: ["odometer"],
    distance: ["delta_km", "driven_km", "delta_mi", "driven_mi"],
    energy: ["minus_kwh", "discharged_kwh"],
  },
  only: true,
  quirks: {
    zeroEnergyUnknown: true,
    coarseEnergy: true,
    negativeEnergy: true,
    rows: { role: "id", begin: /^\s*(DAY|TRIP)\b/i },
  },
  sample:
    "Period, date, odometer, delta km, +kWh, -kWh\n" +
    "DAY, 2026-03-01, 12040, 40, 0, -6.5\nWEEK, 2026-03-01, 12040, 40, 0, -6.5\n",
  gives: [{ start: "2026-03-01T00:00:00Z", end: "2026-03-02T00:00:00Z", km: 40, kwh: 6.5 }],
};
