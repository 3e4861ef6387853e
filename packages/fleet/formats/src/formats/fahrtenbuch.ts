import type { Format } from "../format.ts";

export const fahrtenbuch: Format = {
  name: "fahrtenbuch",
  title: { en: "German driver's logbook", vi: "Sổ lộ trình (Đức)" },
  from: "Logbook apps for the German tax office (Vimcar, Driversnote and others).",
  shape: "trips",
  needs: [
    "datum",
    ["startzeit", "abfahrt"],
    ["endzeit", "ankunft"],
    ["strecke_km", "km_stand_ende", "strecke"],
  ],
  columns: { start: ["startzeit", "abfahrt"], end: ["endzeit", "ankunft"] },
  sample:
    "Datum;Startzeit;Endzeit;Startort;Zielort;km-Stand Start;km-Stand Ende;Strecke (km);Zweck\n" +
    "03.02.2026;08:00;08:45;Berlin;Potsdam;12.345,0;12.380,5;35,5;Kunde\n" +
    "03.02.2026;23:50;00:20;Potsdam;Berlin;12.380,5;12.416,0;35,5;\n",
  gives: [
    { start: "2026-02-03T08:00:00Z", end: "2026-02-03T08:45:00Z", km: 35.5, kwh: null },
    { start: "2026-02-03T23:50:00Z", end: "2026-02-04T00:20:00Z", km: 35.5, kwh: null },
  ],
};
