import { day_ms } from "@evx/kernel";
import type { ImportOptions, Plan, RowReader, Sink } from "../candidate.ts";
import { Cells, isBlank } from "../cells.ts";

type Reading = { row: number; at: number; distance_m: number; energy_wh: number };

/**
 * The daily statistics of the Hyundai and Kia monitor: readings that grow through a day, of which the largest is the
 * day's. The others are named as replaced, so that every row is accounted for.
 */
export class DailyStatsReader implements RowReader {
  readonly #cells: Cells;
  readonly #days = new Map<number, Reading>();

  constructor(
    plan: Plan,
    options: ImportOptions,
    private readonly sink: Sink,
  ) {
    this.#cells = new Cells(plan, options, sink);
  }

  row(fields: readonly string[], row: number) {
    const cells = this.#cells;
    if (cells.passes(fields, row)) return;
    const text = cells.text(fields, "date")?.trim() ?? "";
    if (isBlank(text)) return this.sink.reject(row, "start", "start_missing");
    const at = cells.readMoment(text.slice(0, text.includes("-") ? 10 : 8));
    if (Number.isNaN(at))
      return this.sink.reject(row, "start", "start_unreadable", { text: text.slice(0, 60) });
    const distance_m = cells.metres(fields, row, "distance");
    if (distance_m === null) return;
    if (Number.isNaN(distance_m)) return this.sink.reject(row, "distance", "distance_missing");
    if (distance_m < 0) return this.sink.reject(row, "distance", "distance_negative");
    const energy_wh = cells.wattHours(fields, row, distance_m);
    if (energy_wh === null) return;
    const held = this.#days.get(at);
    if (held && held.distance_m > distance_m) return this.sink.reject(row, "start", "reading_superseded");
    if (held) this.sink.reject(held.row, "start", "reading_superseded");
    this.#days.set(at, { row, at, distance_m, energy_wh });
  }

  end(): void {
    for (const { row, at, distance_m, energy_wh } of this.#days.values()) {
      if (distance_m === 0) {
        this.sink.reject(row, "distance", "distance_zero");
        continue;
      }
      this.sink.trip({
        row,
        start: at,
        end: at + day_ms,
        precision: "day",
        distance_m,
        energy_wh: energy_wh > 0 ? energy_wh : null,
        energyEstimated: false,
        quality: "manual",
        from: null,
        to: null,
        odometerStart_m: null,
        odometerEnd_m: null,
        notes: null,
        sourceId: null,
        // A day has one total: a later export with a larger one is the same day, not another trip.
        fingerprint: "day",
        flags: [],
        track: null,
      });
    }
    this.#days.clear();
  }
}
