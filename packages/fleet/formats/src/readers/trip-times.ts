import { isDateOnly, saysZone } from "@evx/clocks";
import { day_ms, hour_ms, minute_ms } from "@evx/kernel";
import type { Candidate } from "../candidate.ts";
import { type Cells, isBlank, type Moment } from "../cells.ts";

/** Speed at which a trip is assumed to have been driven when only its end is known. */
const assumed_kmh = 40;

/** When a trip was, and by how much that may be off because of how it is written. */
export type Times = {
  start: number;
  end: number;
  precision: Candidate["precision"];
  rounding_ms: number;
  /** Only the end is known; the start follows from the distance. */
  endOnly?: true;
  /** A local time that happened twice, when clocks went back, and nothing tells which is meant. */
  ambiguous?: true;
};

/** Reads when the trip of a row was, from whichever of start, end, date, clock times and duration the file has. */
export class TripTimes {
  /** End of the trip before, for files that tell only when a trip ended and for hours that clocks repeat. */
  #ended = Number.NaN;

  constructor(private readonly cells: Cells) {}

  /** Null after a rejection. */
  of(fields: readonly string[], row: number): Times | null {
    const { cells } = this;
    if (cells.has("time")) return this.#tripinfo(fields, row);
    const lasts = cells.has("duration_min") || cells.has("duration_s");
    const hasStart =
      cells.has("start") && !(cells.has("end") && lasts && isBlank(cells.text(fields, "start")));
    if (!hasStart && cells.has("end") && lasts) return this.#fromEnd(fields, row);
    if (!hasStart && cells.has("end") && !cells.has("date")) return this.#endAlone(fields, row);
    if (!cells.has("end") && !lasts) return this.#oneMoment(fields, row);
    if (!hasStart) return this.#fromDate(fields, row);
    const start = cells.moment(fields, row, "start");
    if (start === null) return null;
    if (cells.has("end") && !(lasts && isBlank(cells.text(fields, "end"))))
      return this.#between(fields, row, start);
    // How long it took says nothing of when, where only the day is written.
    if (!start.clock && isDateOnly(cells.text(fields, "start") ?? "")) return this.#day(start.at);
    return this.#fromStart(fields, row, start.at);
  }

  /** The times with the distance known: a start that was not written, never reaching into the trip before. */
  settled(times: Times, distance_m: number): Times {
    if (!times.endOnly) {
      this.#ended = times.end;
      return times;
    }
    const before = this.#ended;
    const end = times.end <= before && before - times.end < minute_ms ? before + 1000 : times.end;
    const driving = Math.max(minute_ms, Math.round((distance_m * 3600) / assumed_kmh));
    const start = before < end && before > end - driving ? before : end - driving;
    this.#ended = end;
    return { ...times, start, end };
  }

  #between(fields: readonly string[], row: number, start: Moment): Times | null {
    const end = this.cells.moment(fields, row, "end");
    if (end === null) return null;
    const startText = this.cells.text(fields, "start") ?? "";
    // A day written twice is a day.
    if (end.at === start.at && !start.clock && isDateOnly(startText)) return this.#day(start.at);
    const times = { start: start.at, end: end.at };
    // The clock went past midnight on the way.
    if (times.end < times.start && end.clock) times.end = this.#nextDay(times.end);
    const rounding_ms = times.start % minute_ms === 0 && times.end % minute_ms === 0 ? minute_ms : 1000;
    const twice = this.#twice(fields, times);
    // A file that writes minutes cannot show the seconds of a short trip.
    if (twice.end === twice.start && rounding_ms === minute_ms)
      return { ...twice, end: twice.end + 1000, precision: "estimated", rounding_ms };
    return { ...twice, precision: "exact", rounding_ms };
  }

  /** Of a local time that happens twice, the reading by which the trip has a duration and follows the one before. */
  #twice(
    fields: readonly string[],
    times: { start: number; end: number },
  ): Pick<Times, "start" | "end" | "ambiguous"> {
    let { start, end } = times;
    const { zone } = this.cells;
    const open = (role: "start" | "end") => !saysZone(this.cells.text(fields, role) ?? "");
    if (!zone.changes(start) && !zone.changes(end)) return times;
    const endsTwice = open("end") && zone.again(end) !== end;
    if (end < start && endsTwice) return { start, end: zone.again(end) };
    const startsTwice = open("start") && zone.again(start) !== start;
    if (!startsTwice) return times;
    const later = zone.again(start);
    if (start < this.#ended && later >= this.#ended - minute_ms && later - start <= 2 * hour_ms) {
      start = later;
      if (end <= start && endsTwice) end = zone.again(end);
      return { start, end };
    }
    return endsTwice ? { start, end, ambiguous: true } : times;
  }

  #nextDay(at: number): number {
    const local = at + this.cells.zone.offsetAtLocal(at) + day_ms;
    return local - this.cells.zone.offsetAtLocal(local);
  }

  #fromStart(fields: readonly string[], row: number, start: number): Times | null {
    const lasted = this.cells.duration(fields);
    if (Number.isNaN(lasted)) return this.cells.refused(row, "end", "end_missing", {});
    if (lasted < 0) return this.cells.refused(row, "end", "end_before_start", {});
    return { start, end: start + (lasted === 0 ? minute_ms : lasted), ...lengthOf(lasted) };
  }

  #fromEnd(fields: readonly string[], row: number): Times | null {
    const end = this.cells.moment(fields, row, "end");
    if (end === null) return null;
    const lasted = this.cells.duration(fields);
    if (Number.isNaN(lasted)) return this.cells.refused(row, "start", "start_missing", {});
    if (lasted < 0) return this.cells.refused(row, "end", "end_before_start", {});
    return { start: end.at - (lasted === 0 ? minute_ms : lasted), end: end.at, ...lengthOf(lasted) };
  }

  #fromDate(fields: readonly string[], row: number): Times | null {
    const text = this.cells.text(fields, "date");
    if (text === undefined || isBlank(text)) return this.cells.refused(row, "start", "start_missing", {});
    const at = this.cells.readMoment(text);
    if (Number.isNaN(at))
      return this.cells.refused(row, "start", "start_unreadable", { text: text.trim().slice(0, 60) });
    if (this.cells.has("end")) {
      // A date and the hour of arrival: the start follows from the distance.
      const end = this.cells.moment(fields, row, "end");
      return (
        end && { start: end.at, end: end.at, precision: "estimated", rounding_ms: minute_ms, endOnly: true }
      );
    }
    return isDateOnly(text) ? this.#day(at) : this.#fromStart(fields, row, at);
  }

  #endAlone(fields: readonly string[], row: number): Times | null {
    const end = this.cells.moment(fields, row, "end");
    return (
      end && { start: end.at, end: end.at, precision: "estimated", rounding_ms: minute_ms, endOnly: true }
    );
  }

  #oneMoment(fields: readonly string[], row: number): Times | null {
    const { cells } = this;
    const text = cells.has("start") ? cells.text(fields, "start") : cells.text(fields, "date");
    if (text === undefined || isBlank(text)) return cells.refused(row, "start", "start_missing", {});
    const moment = cells.has("start") ? cells.moment(fields, row, "start") : null;
    if (cells.has("start") && moment === null) return null;
    const at = moment?.at ?? cells.readMoment(text);
    if (Number.isNaN(at))
      return cells.refused(row, "start", "start_unreadable", { text: text.trim().slice(0, 60) });
    if (isDateOnly(text) && !moment?.clock) return this.#day(at);
    const times: Times = { start: at, end: at, precision: "estimated", rounding_ms: minute_ms };
    return cells.quirks.endOnly ? { ...times, endOnly: true } : times;
  }

  #day(at: number): Times {
    const { zone } = this.cells;
    const nextNoon = at + 1.5 * day_ms;
    const tomorrow = Math.floor((nextNoon + zone.offsetAtLocal(nextNoon)) / day_ms) * day_ms;
    return { start: at, end: tomorrow - zone.offsetAtLocal(tomorrow), precision: "day", rounding_ms: 0 };
  }

  /** The car's own trip log: a date, a time of day, and whole minutes of driving and standing. */
  #tripinfo(fields: readonly string[], row: number): Times | null {
    const { cells } = this;
    const day = cells.text(fields, "date")?.trim() ?? "";
    const clock = (cells.text(fields, "time")?.trim() ?? "").padStart(6, "0");
    const start = cells.readMoment(
      `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)} ${clock.slice(0, 2)}:${clock.slice(2, 4)}:${clock.slice(4, 6)}`,
    );
    if (Number.isNaN(start))
      return cells.refused(row, "start", "start_unreadable", { text: `${day} ${clock}` });
    const minutes = cells.duration(fields);
    // Standing time is part of the driving time that this log writes.
    return {
      start,
      end: start + (Number.isNaN(minutes) || minutes === 0 ? 2 * minute_ms : minutes + minute_ms),
      precision: "estimated",
      rounding_ms: minute_ms,
    };
  }
}

/** A duration of whole minutes is rounded; a short one of those is no measure of speed. */
const lengthOf = (lasted: number): Pick<Times, "precision" | "rounding_ms"> => ({
  precision: lasted % minute_ms === 0 && lasted < 300_000 ? "estimated" : "exact",
  rounding_ms: lasted % minute_ms === 0 ? minute_ms : 1000,
});
