import type { Format } from "../format.ts";

export const spritmonitor: Format = {
  name: "spritmonitor",
  title: { en: "Spritmonitor log", vi: "Nhật ký Spritmonitor" },
  from: "Spritmonitor: vehicle, Export. Its rows lie between two charges; the car's shown consumption tells the energy.",
  shape: "trips",
  needs: [
    ["fuel_date", "date", "datum"],
    ["trip_distance_km", "trip", "tour", "fahrstrecke", "trip_distance"],
    ["quantity_kwh", "quantity", "menge", "fuel_type"],
  ],
  without: ["start_time", "end_time", "start", "end"],
  columns: {
    date: ["fuel_date", "date", "datum"],
    distance: ["trip_distance_km", "trip", "tour", "fahrstrecke", "trip_distance"],
    energy: ["quantity_kwh", "quantity", "menge"],
    consumption: ["consumption_kwh_100km", "consumption", "verbrauch"],
    odometer: ["odometer", "km_stand", "kilometerstand"],
    notes: ["note", "notiz", "bemerkung"],
  },
  only: true,
  quirks: { coarseEnergy: true, consumptionFirst: true, unit: { is: "km", certain: true } },
  sample:
    "Datum;Kilometerstand;Tour;Menge;Verbrauch;Bemerkung\n" +
    "01.03.2026;12040;80,0;30,5;17,8;\n20.03.2026;12140;100,0;10,0;;Stadt\n",
  gives: [
    { start: "2026-03-01T00:00:00Z", end: "2026-03-02T00:00:00Z", km: 80, kwh: 14.24 },
    { start: "2026-03-20T00:00:00Z", end: "2026-03-21T00:00:00Z", km: 100, kwh: 10 },
  ],
};
