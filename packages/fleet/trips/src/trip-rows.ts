import { countedGrams } from "@evx/emissions";
import type { Candidate, Finding } from "@evx/formats";
import type { LocalDays } from "@evx/garage";
import { day_ms, type Fix, type Id } from "@evx/kernel";
import { CopyRows } from "./copy-rows.ts";
import { type Prints, printsOf } from "./prints.ts";
import { pageColumns } from "./queries/prints.ts";
import { type Sums, tripColumns } from "./queries/trips.ts";
import type { Recording } from "./recording.ts";
import { dayOf, tripId } from "./trip-ids.ts";

/** A trip that is new: what was read, when it starts and ends after trimming, and what an auditor should look at. */
export type NewTrip = {
  candidate: Candidate;
  start: number;
  end: number;
  flags: Finding[];
};

type Track = { car_id: bigint; month: string; trip_id: Id<"trip">; points: string };

/** What is written for new trips, all of it ready to be sent: their rows, their tracks, what totals grow by. */
export type TripRows = {
  rows: Uint8Array;
  tracks: Track[];
  localDays: Map<string, Sums>;
  days: Map<string, Sums>;
  months: Map<string, Sums>;
  /** Null where no trip has a print. */
  pages: Uint8Array | null;
  flagged: number;
  co2_g: number;
};

const texts = new Map<string, Uint8Array>();

/** Bytes of texts that many rows share. */
const shared = (text: string): Uint8Array => {
  let bytes = texts.get(text);
  if (!bytes) {
    bytes = Buffer.from(text);
    texts.set(text, bytes);
  }
  return bytes;
};

const add = (
  sums: Map<string, Sums>,
  key: string,
  distance_m: number,
  energy_wh: number,
  co2_g: number,
): void => {
  const sum = sums.get(key);
  if (!sum) {
    sums.set(key, { trips: 1, distance_m, energy_wh, co2_g });
    return;
  }
  sum.trips++;
  sum.distance_m += distance_m;
  sum.energy_wh += energy_wh;
  sum.co2_g += co2_g;
};

/** With more in it a row does not fit a quarter of the database's page, and is stored in pieces. */
const fullPage = 228;

/** Gathers prints and shapes of a month's trips, and writes them as they fill a row. */
class PrintPages {
  readonly rows = new CopyRows(pageColumns, 0);
  #monthDays = 0;
  #trips = 0;
  #prints: number[] = [];

  constructor(private readonly into: Recording) {}

  add(monthDays: number, { print, shape }: Prints): void {
    if (print === null) return;
    if (monthDays !== this.#monthDays || this.#prints.length >= fullPage) this.end();
    this.#monthDays = monthDays;
    this.#trips++;
    this.#prints.push(print);
    if (shape !== null) this.#prints.push(shape);
  }

  /** What is written is whole then. */
  end(): CopyRows {
    if (this.#trips === 0) return this.rows;
    this.rows.row();
    this.rows.date(this.#monthDays);
    this.rows.int8(Number(this.into.carId));
    if (this.into.importId === null) this.rows.nothing();
    else this.rows.bytes(shared(this.into.importId));
    this.rows.int4(this.#trips);
    this.rows.int8s(this.#prints);
    this.#trips = 0;
    this.#prints = [];
    return this.rows;
  }
}

/** Odometers above two million kilometres do not fit the column, and no car has one. */
const odometer = (value: number | null): number | null =>
  value !== null && value <= 2_000_000_000 ? value : null;

/** The day of a start (UTC) and what is derived from it, computed once for the trips of a day. */
class Calendar {
  day = "";
  month = "";
  /** The first of the month, in days since 1970. */
  monthDays = 0;
  year = 0;
  #number = Number.NaN;

  turnTo(at: number): void {
    const number = Math.floor(at / day_ms);
    if (number === this.#number) return;
    this.#number = number;
    this.day = dayOf(at);
    this.month = `${this.day.slice(0, 7)}-01`;
    this.monthDays = Math.floor(Date.parse(this.month) / day_ms);
    this.year = Number(this.day.slice(0, 4));
  }
}

/** One trip in the order of `tripColumns`. */
const writeRow = (
  rows: CopyRows,
  into: Recording,
  { candidate, start, end, flags }: NewTrip,
  of: { id: Id<"trip">; monthDays: number; co2_g: number } & Prints,
): void => {
  rows.row();
  rows.date(of.monthDays);
  rows.ascii(of.id);
  rows.int8(Number(into.carId));
  rows.bytes(shared(into.vehicleId));
  if (into.importId === null) rows.nothing();
  else rows.bytes(shared(into.importId));
  rows.moment(start);
  rows.moment(end);
  rows.int4(candidate.distance_m);
  rows.int4(candidate.energy_wh);
  rows.int8(of.co2_g);
  rows.int4(into.factors.version);
  rows.bytes(shared(candidate.precision));
  rows.bytes(shared(into.quality ?? candidate.quality));
  rows.bytes(shared(into.source));
  rows.text(candidate.precision === "day" ? candidate.fingerprint : candidate.sourceId);
  rows.int4(candidate.from?.lat_e6 ?? null);
  rows.int4(candidate.from?.lon_e6 ?? null);
  rows.int4(candidate.to?.lat_e6 ?? null);
  rows.int4(candidate.to?.lon_e6 ?? null);
  rows.int4(odometer(candidate.odometerStart_m));
  rows.int4(odometer(candidate.odometerEnd_m));
  rows.text(candidate.notes);
  if (flags.length === 0) rows.nothing();
  else rows.jsonb(flags);
  rows.int8(of.print);
  rows.int8(of.shape);
};

/** A track as it is stored: seconds since the start, position, speed, one after the other. */
const pointsOf = (fixes: readonly Fix[], start: number): string =>
  JSON.stringify(
    fixes.flatMap((fix) => [Math.round((fix.at - start) / 1000), fix.lat_e6, fix.lon_e6, fix.speed_mph]),
  );

/** Computes the CO2 of new trips and makes everything that is written for them. */
export const tripRowsOf = (
  into: Recording,
  trips: readonly NewTrip[],
  { local, said }: { local: LocalDays; said: readonly Candidate[] },
): TripRows => {
  const rows = new CopyRows(tripColumns, trips.length);
  const written: TripRows = {
    rows: new Uint8Array(),
    tracks: [],
    localDays: new Map(),
    days: new Map(),
    months: new Map(),
    pages: null,
    flagged: 0,
    co2_g: 0,
  };
  const calendar = new Calendar();
  const prints = printsOf(into.printKey, trips, said);
  const pages = new PrintPages(into);
  for (const [place, trip] of trips.entries()) {
    const { distance_m, energy_wh, track } = trip.candidate;
    calendar.turnTo(trip.start);
    const { day, month, monthDays, year } = calendar;
    const co2_g = Number(countedGrams({ distance_m, energy_wh, year }, into.factors));
    const id = tripId(trip.start, into.suffix);
    const printed = prints[place] as Prints;
    writeRow(rows, into, trip, { id, monthDays, co2_g, ...printed });
    pages.add(monthDays, printed);
    add(written.localDays, local.dayOf(trip.start), distance_m, energy_wh ?? 0, co2_g);
    add(written.days, day, distance_m, energy_wh ?? 0, co2_g);
    add(written.months, month, distance_m, energy_wh ?? 0, co2_g);
    if (trip.flags.length > 0) written.flagged++;
    written.co2_g += co2_g;
    if (track)
      written.tracks.push({ car_id: into.carId, month, trip_id: id, points: pointsOf(track, trip.start) });
  }
  written.rows = rows.end();
  const printed = pages.end();
  if (printed.rows > 0) written.pages = printed.end();
  return written;
};
