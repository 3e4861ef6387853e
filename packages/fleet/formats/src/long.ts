import { moments, plainHeader, words } from "@evx/columns";
import { refuse } from "./errors.ts";

const ofDays = words("date datum ngay");

/** Makes a row of a header's cells. */
export type Widen = (fields: readonly string[]) => readonly string[];

const ofNames = words(`
  pid name sensor signal parameter parameter_name param metric entity_id entity key field channel variable measurement
  item ten_thong_so thong_so tin_hieu ten messwert bezeichnung parametre parametro`);
const ofValues = words("value state val reading gia_tri wert valeur valor");
const ofUnits = words("units unit uom unit_of_measurement don_vi don_vi_do einheit unite unidad");
const ofTimes = new Set([
  ...moments,
  ...words("time last_changed last_updated zeit uhrzeit gio date datum ngay"),
]);

const word = (...names: string[]) => new RegExp(`(^|_)(${names.join("|")})(_|$)`);

/** What only a part of the car does, or what is set and not driven. */
const notTheCar =
  /(^|_)(engine|motor|fan|wheel|wind|limit|max|min|avg|average|mean|rpm|pump|cruise|set|target|turbine|shaft|trip)(_|$)/;
const notTheLevel =
  /(^|_)(soh|health|12v|aux|min|max|limit|target|phone|cell|temp\w*|volt\w*|charging|phut)(_|$)/;

/** What is looked for, the surest name first; the wide header is that of a log of readings. */
const wanted: readonly {
  header: string;
  is: readonly RegExp[];
  not: RegExp;
  units?: Readonly<Record<string, string>>;
}[] = [
  {
    header: "speed",
    is: [
      word("vehicle_speed", "car_speed", "speed_obd", "toc_do_xe", "fahrzeuggeschwindigkeit"),
      /^(speed|velocity|geschwindigkeit|vitesse|toc_do|van_toc)(_|$)/,
      word("speed", "velocity", "geschwindigkeit", "toc_do", "van_toc"),
    ],
    not: notTheCar,
    units: { km_h: "km/h", kmh: "km/h", kph: "km/h", mph: "mph", mi_h: "mph", m_s: "m/s" },
  },
  {
    header: "odometer",
    is: [word("odometer", "odo", "mileage", "kilometerstand", "km_stand", "cong_to_met", "tong_quang_duong")],
    not: notTheCar,
    units: { km: "km", mi: "mi", miles: "mi", m: "m" },
  },
  {
    header: "soc",
    is: [
      word("soc", "state_of_charge", "ladestand", "ladezustand"),
      word("battery_level", "charge_level", "muc_pin", "pin_con_lai", "pin_pct", "battery_pct", "battery"),
    ],
    not: notTheLevel,
  },
  { header: "latitude", is: [word("latitude", "lat", "vi_do", "breitengrad")], not: /$^/ },
  { header: "longitude", is: [word("longitude", "lon", "lng", "long", "kinh_do", "laengengrad")], not: /$^/ },
];

type Chosen = { name: string; header: string };

/** Of all names the one that tells a value best. */
const chosenOf = (units: ReadonlyMap<string, string>): Chosen[] =>
  wanted.flatMap(({ header, is, not, units: known = {} }) => {
    const names = [...units.keys()].map((name) => ({ name, plain: plainHeader(name) }));
    const fitting = names.filter(({ plain }) => !not.test(plain));
    const best = is.flatMap((test) => fitting.filter(({ plain }) => test.test(plain)))[0];
    if (!best) return [];
    const said = plainHeader(units.get(best.name) ?? "") || best.plain;
    const unit = Object.entries(known).find(([word]) => said === word || said.endsWith(`_${word}`))?.[1];
    return [{ name: best.name, header: unit ? `${header} (${unit})` : header }];
  });

/** Distinct names within the first rows, each with the unit beside it; null where the column holds none. */
const namesIn = (sample: readonly (readonly string[])[], name: number, unit: number): Map<string, string> => {
  const units = new Map<string, string>();
  for (const fields of sample) {
    const text = (fields[name] ?? "").trim();
    if (text !== "" && !units.has(text)) units.set(text, (fields[unit] ?? "").trim());
  }
  return units;
};

/**
 * A log that writes one value in each row (when, what, how much) as one that has a column for each: OBD apps and home
 * servers write so. Null where a table is none; refuses one that tells no day, or nothing of a drive.
 */
export const widened = (
  header: readonly string[],
  sample: readonly (readonly string[])[],
): { header: string[]; widen: Widen } | null => {
  const plain = header.map(plainHeader);
  const at = (names: readonly string[]) => plain.findIndex((name) => names.includes(name));
  const [name, value, unit] = [at(ofNames), at(ofValues), at(ofUnits)];
  const times = plain.flatMap((time, place) => (ofTimes.has(time) && place !== name ? [place] : []));
  const counted = at(["seconds", "second", "sec", "s", "elapsed", "elapsed_s", "offset", "ms", "millis"]);
  if (name < 0 || value < 0 || name === value || (times.length === 0 && counted < 0)) return null;
  const units = namesIn(sample, name, unit);
  if (units.size < 2 || units.size * 2 > sample.length) return null;
  if (times.length === 0) throw refuse("import_log_without_day");
  const chosen = chosenOf(units);
  if (!chosen.some(({ header: role }) => /^(speed|odometer|latitude)/.test(role)))
    throw refuse("import_log_without_drive", {
      names: [...units.keys()].slice(0, 12).join(", ").slice(0, 200),
    });
  // A column of the day beside one of the hour; else the first one is the moment.
  const days = times.filter((place) => ofDays.includes(plain[place] as string));
  const hours = times.filter((place) => !days.includes(place));
  const when = [...days.slice(0, 1), ...hours.slice(0, 1)];
  const timeHeaders = when.map((place) => {
    if (when.length === 1) return "timestamp";
    // Only who writes "date" may put the month first.
    if (plain[place] === "date") return "date";
    return ofDays.includes(plain[place] as string) ? "day" : "time";
  });
  const places = new Map(chosen.map((one, place) => [one.name, when.length + place]));
  const width = when.length + chosen.length;
  return {
    header: [...timeHeaders, ...chosen.map((one) => one.header)],
    widen: (fields) => {
      const place = places.get((fields[name] ?? "").trim());
      const wide = new Array<string>(width).fill("");
      for (const [index, from] of when.entries()) wide[index] = fields[from] ?? "";
      if (place !== undefined) wide[place] = fields[value] ?? "";
      return wide;
    },
  };
};
