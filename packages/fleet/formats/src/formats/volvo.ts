import type { Format } from "../format.ts";

export const volvo: Format = {
  name: "volvo",
  title: { en: "Volvo driving journal", vi: "Nhật ký lái xe Volvo" },
  from: "Volvo On Call or Volvo Cars: driving journal, e-mailed as CSV.",
  shape: "trips",
  needs: [
    "started",
    "stopped",
    ["start_odometer_km", "start_odometer_mi"],
    "electric_energy_consumption_kwh",
  ],
  columns: { start_odometer: ["start_odometer_km", "start_odometer_mi"], notes: ["user_notes", "title"] },
  quirks: { zeroEnergyUnknown: true },
  sample:
    "Category;Started;Start odometer (km);Start address;Stopped;End odometer (km);End address;Duration;Distance (km);Electric energy consumption (kWh);User notes\n" +
    "Unassigned;2026-02-01 08:00;12000;A;2026-02-01 08:30;12025;B;0:30;25;4,6;\n",
  gives: [{ start: "2026-02-01T08:00:00Z", end: "2026-02-01T08:30:00Z", km: 25, kwh: 4.6 }],
};
