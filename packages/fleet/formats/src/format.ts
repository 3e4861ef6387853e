import type { DateOrder } from "@evx/clocks";
import type { ColumnRole, Synonyms } from "@evx/columns";
import type { ImportOptions } from "./candidate.ts";

/** What the rows of a file are. */
export type Shape = "trips" | "readings" | "tesla-minutes" | "growing-days";

/** Where a format departs from what its headers and cells say. */
export type Quirks = {
  /** Times without a zone are UTC, whatever the car's zone. */
  utc?: true;
  /** Unit of distances whose header names none. `certain` keeps the preview from asking. */
  unit?: { is: "km" | "mi"; certain: boolean };
  /** Order of day and month where no date of the file shows it. */
  dateOrder?: DateOrder;
  /** 0 kWh is how it writes "not measured". */
  zeroEnergyUnknown?: true;
  /** Energy is read off a coarse state of charge, or sums what was charged meanwhile. */
  coarseEnergy?: true;
  /** Energy is written as what the battery lost: negative. */
  negativeEnergy?: true;
  /** Unit of an energy column whose header names none. */
  energyUnit?: "wh";
  /** Consumption per distance tells more than the column of energy. */
  consumptionFirst?: true;
  /** A row knows the trip's end alone: the start is estimated from the distance, never into the trip before. */
  endOnly?: true;
  /** Only rows whose cell begins so are trips; the others sum them up. */
  rows?: { role: ColumnRole; begin: RegExp };
  /** Parts of one percent in the state of charge. */
  chargeParts?: number;
  /** Distances whose header names no unit are metres. */
  metres?: true;
  /** A row without a distance tells of a stay, or of what another row sums up: no drive, and not broken either. */
  stays?: true;
  /** A phone wrote it, which knows that it was driven and not in which car. */
  phone?: true;
  /** A gap is part of the drive where the positions go on: a recorder that writes a point only on a turn. */
  gapsDriven?: true;
};

/** A trip of a format's sample, as it must be read. */
export type SampleTrip = {
  start: string;
  end: string;
  km: number;
  kwh: number | null;
};

/**
 * A format: how its files are told from others, what its columns mean, what is odd about it, and a sample made by hand
 * with the trips that must come of it. Everything else (the reader, the documentation, the test) follows from this.
 */
export type Format = {
  /** Never changes: it is stored with every import. */
  name: string;
  title: { en: string; vi: string };
  /** Where an owner gets such a file, in a few words. */
  from: string;
  shape: Shape;
  /** Plain headers (`plainHeader`): each entry is there, or one of its alternatives. */
  needs: readonly (string | readonly string[])[];
  /** None of these is there. */
  without?: readonly string[];
  columns: Synonyms;
  /** The one header that tells by what way somebody went, where others read as if they did. */
  activity?: string;
  /** Columns are these alone; otherwise our own synonyms fill up what is missing. */
  only?: true;
  quirks?: Quirks;
  sample: string;
  options?: Partial<ImportOptions>;
  gives: readonly SampleTrip[];
};
