import type { ColumnRole, Columns, FormatName } from "./candidate.ts";

/** A header in one spelling: "Energy (kWh)" → energy_kwh, "startTime" → start_time, "-kWh" → minus_kwh. */
export const plainHeader = (header: string): string =>
  header
    .replace(/^\uFEFF/, "")
    .trim()
    .replace(/^-(?=\p{L})/u, "minus_")
    .replace(/^\+(?=\p{L})/u, "plus_")
    .replace(/%/g, " pct ")
    .replace(/#/g, " number ")
    .replace(/(\p{Ll})(\p{Lu}\p{Ll})/gu, "$1_$2")
    .replace(/(\p{Ll})(\p{Lu})/gu, (all, low: string, up: string) =>
      /kWh$/.test(`${low}${up}`) ? all : `${low}_${up}`,
    )
    .replace(/k_?Wh/g, "kwh")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");

type Synonyms = Partial<Record<ColumnRole, readonly string[]>>;

/** Headers of our own format, and what spreadsheets and other apps call the same things. First match wins. */
export const ownSynonyms: Synonyms = {
  id: ["id", "trip_id", "source_id", "drive_id", "journey_id", "external_id"],
  start: [
    "start_time",
    "start",
    "started_at",
    "start_date",
    "start_datetime",
    "start_timestamp",
    "departure",
    "departure_time",
    "begin",
    "start_at",
    "bat_dau",
    "thoi_gian_bat_dau",
  ],
  end: [
    "end_time",
    "end",
    "ended_at",
    "end_date",
    "end_datetime",
    "end_timestamp",
    "arrival",
    "arrival_time",
    "finish",
    "end_at",
    "ket_thuc",
    "thoi_gian_ket_thuc",
  ],
  date: ["date", "day", "trip_date", "datum", "ngay"],
  duration_min: ["duration_min", "duration_minutes", "minutes"],
  duration_s: ["duration_s", "duration_sec", "duration_seconds"],
  distance: [
    "distance_km",
    "distance",
    "km",
    "distance_in_km",
    "trip_distance_km",
    "trip_distance",
    "distance_m",
    "distance_mi",
    "miles",
    "distance_miles",
    "kilometers",
    "kilometres",
    "odometer_distance",
    "quang_duong",
    "quang_duong_km",
  ],
  distance_unit: ["distance_unit", "unit"],
  odometer: ["odometer", "odometer_km"],
  start_odometer: ["start_odometer", "odometer_start", "start_odometer_km", "starting_odometer", "start_km"],
  end_odometer: ["end_odometer", "odometer_end", "end_odometer_km", "ending_odometer", "end_km"],
  energy: [
    "energy_consumed",
    "energy",
    "kwh",
    "energy_kwh",
    "energy_consumed_kwh",
    "energy_wh",
    "energy_used",
    "energy_used_kwh",
    "consumption_kwh",
    "consumption_in_kwh",
    "used_kwh",
    "dien_nang",
    "dien_nang_kwh",
  ],
  consumption: ["consumption_kwh_100km", "kwh_100km", "avg_consumption", "consumption_kwh_per_100km"],
  start_lat: ["start_lat", "start_latitude", "starting_latitude", "from_lat"],
  start_lon: [
    "start_long",
    "start_lon",
    "start_lng",
    "start_longitude",
    "starting_longitude",
    "from_lon",
    "from_lng",
  ],
  end_lat: ["end_lat", "end_latitude", "ending_latitude", "to_lat"],
  end_lon: ["end_long", "end_lon", "end_lng", "end_longitude", "ending_longitude", "to_lon", "to_lng"],
  start_location: ["start_location", "start_address", "from", "starting_location", "origin"],
  end_location: ["end_location", "end_address", "to", "ending_location", "destination"],
  notes: ["notes", "comment", "comments", "note", "tag", "ghi_chu"],
};

const loggerSynonyms: Synonyms = {
  start: [
    "timestamp",
    "datetime",
    "date_time",
    "time_stamp",
    "timestamp_utc",
    "utc_time",
    "unix_time",
    "epoch",
  ],
  date: ["date", "day"],
  time: ["time", "time_of_day", "clock"],
  speed: [
    "speed",
    "speed_kmh",
    "speed_km_h",
    "vehicle_speed",
    "velocity",
    "speed_kph",
    "speed_ms",
    "speed_m_s",
    "speed_mph",
  ],
  lat: ["lat", "latitude", "gps_lat", "gps_latitude"],
  lon: ["lon", "long", "lng", "longitude", "gps_lon", "gps_longitude", "gps_long"],
  soc: ["soc", "soc_pct", "state_of_charge", "battery_level", "battery_pct", "battery_soc"],
  odometer: ["odometer", "odometer_km", "odo"],
};

/** A format, told by the headers that only it has. `exact` maps its own names; others fall back to our synonyms. */
export type Format = {
  name: FormatName;
  /** Every one of these is there. */
  needs: readonly (string | readonly string[])[];
  /** None of these is. */
  without?: readonly string[];
  columns: Synonyms;
  only?: boolean;
};

/** In the order in which they are tried: what is most particular comes first. */
export const formats: readonly Format[] = [
  {
    name: "teslafi",
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
  },
  {
    name: "polestar",
    needs: ["start_date", "end_date", "distance_in_km", ["consumption_in_kwh", "start_odometer"]],
    columns: {
      distance: ["distance_in_km"],
      energy: ["consumption_in_kwh"],
      notes: ["comments", "category"],
    },
  },
  {
    name: "tessie",
    needs: ["started_at", "ended_at", "odometer_distance"],
    columns: {
      distance: ["odometer_distance"],
      energy: ["energy_used"],
      start_odometer: ["starting_odometer"],
      end_odometer: ["ending_odometer"],
    },
  },
  {
    name: "teslamate",
    needs: [
      "start_date",
      "end_date",
      ["start_km", "end_km", "start_rated_range_km", "start_ideal_range_km"],
      "distance",
    ],
    columns: {
      id: ["id"],
      distance: ["distance"],
      start_odometer: ["start_km"],
      end_odometer: ["end_km"],
      duration_min: ["duration_min"],
    },
  },
  {
    name: "teslamate-dashboard",
    needs: [
      ["start_date", "start_date_ts", "date"],
      ["duration_min", "duration"],
      ["distance", "distance_km", "distance_mi"],
    ],
    without: ["end_time", "end", "end_date", "ended_at"],
    columns: {
      start: ["start_date", "start_date_ts", "date"],
      duration_min: ["duration_min", "duration"],
      energy: ["consumption_kwh", "energy_consumed_kwh", "energy_kwh"],
      date: [],
    },
  },
  {
    name: "kia-dailystats",
    needs: [["datetime", "date"], "distance", "distance_unit", "total_consumed"],
    columns: {
      date: ["datetime", "date"],
      distance: ["distance"],
      distance_unit: ["distance_unit"],
      energy: ["total_consumed"],
    },
    only: true,
  },
  {
    name: "kia-tripinfo",
    needs: ["date", "start_time", "drive_time", "idle_time", "distance"],
    columns: {
      date: ["date"],
      time: ["start_time"],
      duration_min: ["drive_time"],
      idle_min: ["idle_time"],
      distance: ["distance"],
    },
    only: true,
  },
  {
    name: "kia-trips",
    needs: ["date", "odometer", "distance", "minus_kwh", "plus_kwh"],
    columns: { start: ["date"], odometer: ["odometer"], distance: ["distance"], energy: ["minus_kwh"] },
    only: true,
  },
  {
    name: "kia-days",
    needs: ["period", "date", ["delta_km", "driven_km", "delta_mi", "driven_mi"]],
    columns: {
      id: ["period"],
      date: ["date"],
      odometer: ["odometer"],
      distance: ["delta_km", "driven_km", "delta_mi", "driven_mi"],
      energy: ["minus_kwh", "discharged_kwh"],
    },
    only: true,
  },
  {
    name: "spritmonitor",
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
  },
  {
    name: "logger",
    needs: [
      ["timestamp", "datetime", "time", "date_time", "time_stamp", "unix_time", "epoch"],
      [
        "speed",
        "speed_kmh",
        "speed_km_h",
        "vehicle_speed",
        "velocity",
        "speed_kph",
        "speed_ms",
        "speed_m_s",
        "speed_mph",
        "lat",
        "latitude",
        "odometer",
      ],
    ],
    without: [
      "distance",
      "distance_km",
      "end_time",
      "end",
      "end_date",
      "start_date",
      "start_time",
      "ended_at",
    ],
    columns: loggerSynonyms,
    only: true,
  },
  {
    name: "evx",
    needs: [
      ownSynonyms.start ?? [],
      [
        "end_time",
        "end",
        "ended_at",
        "end_date",
        "end_datetime",
        "end_timestamp",
        "arrival",
        "arrival_time",
        "finish",
        "end_at",
        "ket_thuc",
        "thoi_gian_ket_thuc",
        "duration_min",
        "duration_minutes",
        "minutes",
        "duration_s",
        "duration_sec",
        "duration_seconds",
      ],
      ownSynonyms.distance ?? [],
    ],
    columns: ownSynonyms,
    only: true,
  },
  // A day's record of our own: a date and a distance, nothing finer.
  {
    name: "evx",
    needs: [ownSynonyms.date ?? [], ownSynonyms.distance ?? []],
    columns: ownSynonyms,
    only: true,
  },
];

const has = (names: readonly string[], wanted: string | readonly string[]): boolean =>
  typeof wanted === "string" ? names.includes(wanted) : wanted.some((name) => names.includes(name));

/** The format whose headers these are, or null. */
export const formatOf = (header: readonly string[]): Format | null => {
  const names = header.map(plainHeader);
  return (
    formats.find(
      (format) =>
        format.needs.every((wanted) => has(names, wanted)) &&
        !(format.without ?? []).some((name) => names.includes(name)),
    ) ?? null
  );
};

export const formatNamed = (name: FormatName): Format =>
  formats.find((format) => format.name === name || (name === "evx-json" && format.name === "evx")) as Format;

/** Which column has which role: by the format's own names, then by ours, then as the user says. */
export const columnsOf = (
  header: readonly string[],
  format: Format | null,
  mapping: Partial<Record<ColumnRole, string>> = {},
): Columns => {
  const names = header.map(plainHeader);
  const columns: Columns = {};
  const take = (synonyms: Synonyms) => {
    for (const [role, wanted] of Object.entries(synonyms) as [ColumnRole, readonly string[]][]) {
      if (columns[role] !== undefined) continue;
      const name = wanted.find((candidate) => names.includes(candidate));
      if (name !== undefined) columns[role] = names.indexOf(name);
    }
  };
  if (format) take(format.columns);
  if (!format?.only) take(ownSynonyms);
  for (const [role, name] of Object.entries(mapping) as [ColumnRole, string][]) {
    const column = header.findIndex((candidate) => candidate.trim() === name.trim());
    if (name === "" || column < 0) delete columns[role];
    else columns[role] = column;
  }
  return columns;
};
