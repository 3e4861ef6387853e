import type { Candidate, FormatName, ImportOptions, Plan, RowReader, Sink } from "../candidate.ts";
import { Cells, isBlank } from "../cells.ts";
import type { Finding } from "../findings.ts";
import { isDateOnly } from "../times.ts";

const DAY = 86_400_000;

/** Formats that write 0 where nothing was measured. */
const zeroIsUnknown: readonly FormatName[] = [
  "kia-trips",
  "kia-days",
  "polestar",
  "tessie",
  "teslamate-dashboard",
];

/** Formats whose energy is read off a coarse state of charge, or sums what was charged meanwhile. */
const energyIsCoarse: readonly FormatName[] = ["kia-trips", "kia-days", "kia-tripinfo", "spritmonitor"];

const energyFlag: readonly Finding[] = [{ code: "energy_not_measured", values: {} }];
const noFlags: readonly Finding[] = [];

/** Speed at which a trip is assumed to have been driven when only its end is known. */
const ASSUMED_KMH = 40;

/** Reads tables in which a row is a trip, or a day's record. */
export class TableReader implements RowReader {
  readonly #cells: Cells;
  readonly #zeroUnknown: boolean;
  readonly #coarse: boolean;
  readonly #odometers: boolean;
  readonly #format: FormatName;
  /** End of the trip before, in files that tell only when a trip ended. */
  #ended = Number.NaN;

  constructor(
    plan: Plan,
    options: ImportOptions,
    private readonly sink: Sink,
  ) {
    this.#cells = new Cells(plan, options, sink);
    this.#format = plan.format;
    this.#zeroUnknown = zeroIsUnknown.includes(plan.format);
    this.#coarse = energyIsCoarse.includes(plan.format);
    this.#odometers =
      this.#cells.has("start_odometer") || this.#cells.has("end_odometer") || this.#cells.has("odometer");
  }

  row(fields: readonly string[], row: number) {
    const cells = this.#cells;
    if (this.#format === "kia-days" && !/^\s*(DAY|TRIP)\b/i.test(cells.text(fields, "id") ?? "")) {
      return this.sink.reject(row, "period", "summary_row");
    }
    const times = this.#times(fields, row);
    if (!times) return;
    const distance_m = this.#distance(fields, row);
    if (distance_m === null) return;
    const { start, end, precision } =
      this.#format === "kia-trips" ? this.#backwards(times, distance_m) : times;
    if (end <= start) {
      return this.sink.reject(row, "end", end < start ? "end_before_start" : "trip_without_duration");
    }
    const energy = cells.wattHours(fields, row, distance_m);
    if (energy === null) return;
    const signed = this.#format === "kia-trips" || this.#format === "kia-days" ? Math.abs(energy) : energy;
    if (signed < 0) return this.sink.reject(row, "energy", "energy_negative");
    const from = cells.position(fields, row, "start");
    const to = from === undefined ? undefined : cells.position(fields, row, "end");
    if (from === undefined || to === undefined) return;
    const measured = signed > 0;
    const odometerEnd = this.#odometer(fields, row, cells.has("end_odometer") ? "end_odometer" : "odometer");
    const odometerStart = this.#odometer(fields, row, "start_odometer");
    const candidate: Candidate = {
      row,
      start,
      end,
      precision,
      distance_m,
      energy_wh: measured ? signed : null,
      energyEstimated: measured && this.#coarse,
      quality: this.#odometers ? "export" : "manual",
      from,
      to,
      odometerStart_m: odometerStart,
      odometerEnd_m: odometerEnd,
      notes: cells.notes(fields),
      sourceId:
        cells.has("id") && this.#format !== "kia-days" ? (cells.text(fields, "id")?.trim() ?? null) : null,
      fingerprint: precision === "day" ? Bun.hash(fields.join("\u001f")).toString(36) : null,
      flags: signed === 0 && !this.#zeroUnknown ? energyFlag : noFlags,
      track: null,
    };
    if (odometerStart !== null && odometerEnd !== null)
      this.#compareOdometer(candidate, odometerEnd - odometerStart);
    this.sink.trip(candidate);
  }

  end(): void {}

  #times(
    fields: readonly string[],
    row: number,
  ): { start: number; end: number; precision: Candidate["precision"] } | null {
    const cells = this.#cells;
    if (this.#format === "kia-tripinfo") return this.#tripinfo(fields, row);
    const dated = cells.has("start") ? cells.text(fields, "start") : cells.text(fields, "date");
    if (!cells.has("end") && !cells.has("duration_min") && !cells.has("duration_s")) {
      if (dated === undefined || isBlank(dated)) return cells.refused(row, "start", "start_missing", {});
      const at = cells.readMoment(dated);
      if (Number.isNaN(at))
        return cells.refused(row, "start", "start_unreadable", { text: dated.trim().slice(0, 60) });
      if (!isDateOnly(dated)) return { start: at, end: at, precision: "estimated" };
      const nextNoon = at + 1.5 * DAY;
      const tomorrow = Math.floor((nextNoon + cells.zone.offsetAtLocal(nextNoon)) / DAY) * DAY;
      return { start: at, end: tomorrow - cells.zone.offsetAtLocal(tomorrow), precision: "day" };
    }
    const start = cells.moment(fields, row, "start");
    if (start === null) return null;
    if (cells.has("end")) {
      const end = cells.moment(fields, row, "end");
      if (end === null) return null;
      // A file that writes minutes cannot show the seconds of a short trip.
      const short = end === start && start % 60_000 === 0;
      return { start, end: short ? end + 1000 : end, precision: short ? "estimated" : "exact" };
    }
    const lasted = this.#duration(fields);
    if (Number.isNaN(lasted)) return cells.refused(row, "end", "end_missing", {});
    return {
      start,
      end: start + lasted,
      precision: lasted % 60_000 === 0 && lasted < 300_000 ? "estimated" : "exact",
    };
  }

  /** A duration in milliseconds: minutes, seconds, or "1:05" hours and minutes. A minute at least: 0 is rounded down. */
  #duration(fields: readonly string[]): number {
    const text = this.#cells.text(fields, "duration_min");
    const clock = /^\s*(\d{1,3}):(\d{2})(?::(\d{2}))?\s*$/.exec(text ?? "");
    if (clock) return (Number(clock[1]) * 60 + Number(clock[2])) * 60_000 + Number(clock[3] ?? 0) * 1000;
    const minutes = this.#cells.number(fields, "duration_min", 3);
    if (!Number.isNaN(minutes)) return minutes === 0 ? 60_000 : minutes * 60;
    return this.#cells.number(fields, "duration_s", 3);
  }

  /** The car's own trip log: a date, a time of day, and whole minutes of driving and standing. */
  #tripinfo(
    fields: readonly string[],
    row: number,
  ): { start: number; end: number; precision: "exact" | "estimated" } | null {
    const cells = this.#cells;
    const day = cells.text(fields, "date")?.trim() ?? "";
    const clock = (cells.text(fields, "time")?.trim() ?? "").padStart(6, "0");
    const start = cells.readMoment(
      `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)} ${clock.slice(0, 2)}:${clock.slice(2, 4)}:${clock.slice(4, 6)}`,
    );
    if (Number.isNaN(start))
      return cells.refused(row, "start", "start_unreadable", { text: `${day} ${clock}` });
    const minutes = this.#duration(fields);
    // Standing time is part of the driving time that this log writes.
    return {
      start,
      end: start + (Number.isNaN(minutes) ? 60_000 : minutes + 60_000),
      precision: "estimated",
    };
  }

  /** From the end of a trip back to a start that does not reach into the trip before. */
  #backwards(times: { start: number; end: number; precision: Candidate["precision"] }, distance_m: number) {
    if (times.precision === "day") return times;
    const before = this.#ended;
    const end = times.end <= before && before - times.end < 60_000 ? before + 1000 : times.end;
    const driving = Math.max(60_000, Math.round((distance_m * 3600) / ASSUMED_KMH));
    const start = before < end && before > end - driving ? before : end - driving;
    this.#ended = end;
    return { start, end, precision: "estimated" as const };
  }

  #distance(fields: readonly string[], row: number): number | null {
    const cells = this.#cells;
    let distance_m = cells.metres(fields, row, "distance");
    if (distance_m === null) return null;
    if (Number.isNaN(distance_m) && cells.has("start_odometer") && cells.has("end_odometer")) {
      const from = cells.metres(fields, row, "start_odometer");
      const to = cells.metres(fields, row, "end_odometer");
      if (from === null || to === null) return null;
      distance_m = to - from;
    }
    if (Number.isNaN(distance_m)) return cells.refused(row, "distance", "distance_missing", {});
    if (distance_m < 0) return cells.refused(row, "distance", "distance_negative", {});
    if (distance_m === 0) return cells.refused(row, "distance", "distance_zero", {});
    return distance_m;
  }

  /** A reading of the odometer, or null; a blank or broken one costs the trip nothing. */
  #odometer(
    fields: readonly string[],
    _row: number,
    role: "odometer" | "start_odometer" | "end_odometer",
  ): number | null {
    const text = this.#cells.text(fields, role);
    if (text === undefined || isBlank(text)) return null;
    const value = this.#cells.metresOf(text);
    return Number.isNaN(value) || value <= 0 || value > 5_000_000_000 ? null : value;
  }

  /** Odometers that count whole kilometres may differ by one at either end. */
  #compareOdometer(candidate: Candidate, driven_m: number): void {
    if (driven_m > 0 && Math.abs(driven_m - candidate.distance_m) > 2_000 + candidate.distance_m * 0.05) {
      candidate.flags = [
        ...candidate.flags,
        {
          code: "odometer_disagrees",
          values: { odometerKm: driven_m / 1000, km: candidate.distance_m / 1000 },
        },
      ];
    }
  }
}
