import type { DateOrder } from "@evx/clocks";
import type { ColumnRole, Columns, VehicleKind } from "@evx/columns";
import type { Fix, Position } from "@evx/kernel";
import type { Finding } from "./findings.ts";
import type { Survey } from "./survey.ts";

/** Tiers of data quality, best first. The buffer each one costs is the credits' room's configuration. */
export const qualityTiers = ["connected", "export", "manual"] as const;

export type QualityTier = (typeof qualityTiers)[number];

/** A trip as a file tells it, in our units. Whether it is plausible and new is decided later. */
export type Candidate = {
  /** Row of the file, the header being 1; of a JSON file, the object's place from 1. */
  row: number;
  /** Milliseconds since 1970. */
  start: number;
  end: number;
  /** `exact` times are measured; `estimated` ones come from one moment and a guess; `day` has only a date. */
  precision: "exact" | "estimated" | "day";
  distance_m: number;
  energy_wh: number | null;
  energyEstimated: boolean;
  /** Of a file always `manual`: anybody can write one. What it earns is decided where other readings are known. */
  quality: QualityTier;
  from: Position | null;
  to: Position | null;
  odometerStart_m: number | null;
  odometerEnd_m: number | null;
  notes: string | null;
  sourceId: string | null;
  /** Tells one day's records apart where the file has no time: the row's own content. */
  fingerprint: string | null;
  flags: readonly Finding[];
  /** Cleaned readings of a logger, for the map and the speed profile. */
  track: readonly Fix[] | null;
};

/** A row that cannot become a trip: its field and why. */
export type Rejection = { row: number; field: string; code: string; values: Finding["values"] };

/** Where readers put what they find. */
export type Sink = {
  /** `rounding_ms` is by how much the times may be off because of how they are written. */
  trip(candidate: Candidate, rounding_ms?: number): void;
  /** Rows that are neither a trip nor broken, by why: counted for the file, not named one by one. */
  pass(code: PassedCode, rows?: number): void;
  reject(row: number, field: string, code: string, values?: Finding["values"]): void;
};

/** Why rows of a file say nothing that counts. */
export type PassedCode =
  | "rows_standing"
  | "rows_blank"
  | "rows_unmeasured"
  | "rows_not_driven"
  | "rows_header";

/** Reads one row after the other. `end` gives out what was still being put together. */
export type RowReader = {
  row(fields: readonly string[], row: number): void;
  end(): void;
};

/** What the file leaves open and the person importing it decides. */
export type ImportOptions = {
  /** IANA name of the zone of times that have none of their own. */
  zone: string;
  distanceUnit?: "km" | "mi" | undefined;
  decimal?: "." | "," | undefined;
  dateOrder?: DateOrder | undefined;
  /** Role → header, over what was detected; an empty header takes a role away. */
  mapping?: Partial<Record<ColumnRole, string>> | undefined;
  /** Of a log that names no day: the local day on which it begins, with the hour where it counts from zero. */
  logBegan?: string | undefined;
  /** Of a file of several cars, the one whose rows count, as its vehicle column names it. */
  vehicle?: string | undefined;
  /** The vehicle's own VIN: a file that names another one is not its. */
  vin?: string | undefined;
  /** What the vehicle is: rides on a motorbike are none of a car. */
  kind?: VehicleKind | undefined;
  /** What a pass over the whole file found; without it the file's beginning decides. */
  survey?: Survey | undefined;
  /** Lets energy be derived from the state of charge where a file has nothing better. */
  battery_wh: number | null;
};

/** How a file is going to be read. */
export type Plan = {
  /** Stored name of the format. */
  format: string;
  encoding: string;
  delimiter: string | null;
  header: readonly string[];
  columns: Columns;
  decimal: "." | ",";
  /** Roles of small units (m, Wh) in whose columns the other mark parts thousands: "21.400" m is a drive, 21 m is none. */
  thousands: Partial<Record<ColumnRole, "." | ",">>;
  dateOrder: DateOrder;
  /** Whether the decimal mark is a guess: every number could be read with either. */
  decimalUncertain: boolean;
  /** Whether the order of day and month is a guess. */
  dateOrderUncertain: boolean;
  distanceUnit: "km" | "mi";
  /** Whether the file itself leaves unit or zone open, so that a person should look. */
  unitSilent: boolean;
  zoneSilent: boolean;
  zone: string;
  /** Whether the day is not the file's, but what its owner told. */
  dayTold: boolean;
  /** Whether the file writes 0 kWh so often that it means nothing of one trip. */
  energyNeverMeasured: boolean;
  /** Columns that name the car, by their place. */
  vehicleColumns: readonly number[];
  /** Columns that tell whether it was driven at all, or walked. */
  activityColumns: readonly number[];
};
