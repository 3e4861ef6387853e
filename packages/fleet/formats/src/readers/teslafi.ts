import { isPlace, type Position } from "@evx/kernel";
import type { ImportOptions, Plan, RowReader, Sink } from "../candidate.ts";
import { Cells, energyFromCharge, isBlank } from "../cells.ts";
import { InOrder } from "../in-order.ts";

/** Longer without a reading, and what follows is another drive. */
const GAP_MS = 10 * 60_000;
const SHORTEST_MS = 60_000;
/** The battery level is written in whole percents, so a smaller fall says nothing. */
const LEAST_FALL_BP = 500;

type Drive = {
  row: number;
  start: number;
  end: number;
  odometerStart_m: number;
  odometerEnd_m: number;
  chargeStart_bp: number;
  chargeEnd_bp: number;
  from: Position | null;
  to: Position | null;
};

type Minute = {
  row: number;
  at: number;
  driving: boolean;
  odometer_m: number;
  charge_bp: number;
  place: Position | null;
};

/**
 * TeslaFi's raw log, a row a minute, in miles. A drive runs from the first reading in D, R or N to the reading in P
 * after it; a gap of over ten minutes ends it at the last one seen. Distance is what the odometer moved.
 */
export class TeslaFiReader implements RowReader {
  readonly #cells: Cells;
  readonly #order: InOrder<Minute>;
  #drive: Drive | null = null;

  constructor(
    plan: Plan,
    private readonly options: ImportOptions,
    private readonly sink: Sink,
  ) {
    this.#cells = new Cells(plan, options, sink);
    this.#order = new InOrder(
      (minute) => this.#take(minute),
      ({ row }) => sink.reject(row, "start", "reading_out_of_order"),
    );
  }

  row(fields: readonly string[], row: number) {
    const cells = this.#cells;
    if (cells.passes(fields, row)) return;
    const text = cells.text(fields, "start");
    if (text === undefined || isBlank(text)) return this.sink.reject(row, "start", "start_missing");
    const at = cells.readMoment(text);
    if (Number.isNaN(at))
      return this.sink.reject(row, "start", "start_unreadable", { text: text.slice(0, 60) });
    const shift = cells.text(fields, "shift_state")?.trim().toUpperCase() ?? "";
    const written = cells.text(fields, "odometer") ?? "";
    const [lat_e6, lon_e6] = [cells.degrees(fields, "lat"), cells.degrees(fields, "lon")];
    this.#order.push({
      row,
      at,
      driving: shift === "D" || shift === "R" || shift === "N",
      odometer_m: isBlank(written) ? Number.NaN : cells.odometer(written),
      charge_bp: cells.charge(fields),
      place: isPlace(lat_e6, lon_e6) ? { lat_e6, lon_e6 } : null,
    });
  }

  end(): void {
    this.#order.end();
    if (this.#drive) this.#close();
  }

  #take(minute: Minute): void {
    if (this.#drive && minute.at - this.#drive.end > GAP_MS) this.#close();
    // The car answers without its details while it wakes up or sleeps; such a row says nothing.
    if (Number.isNaN(minute.odometer_m)) {
      this.sink.pass("rows_unmeasured");
      return;
    }
    if (!minute.driving && !this.#drive) {
      this.sink.pass("rows_standing");
      return;
    }
    this.#extend(minute);
    if (!minute.driving) this.#close();
  }

  #extend({ row, at, odometer_m, charge_bp, place }: Minute): void {
    this.#drive ??= {
      row,
      start: at,
      end: at,
      odometerStart_m: odometer_m,
      odometerEnd_m: odometer_m,
      chargeStart_bp: charge_bp,
      chargeEnd_bp: charge_bp,
      from: place,
      to: place,
    };
    const drive = this.#drive;
    drive.end = Math.max(drive.end, at);
    drive.odometerEnd_m = Math.max(drive.odometerEnd_m, odometer_m);
    if (!Number.isNaN(charge_bp)) drive.chargeEnd_bp = charge_bp;
    if (place) drive.to = place;
  }

  #close() {
    const drive = this.#drive as Drive;
    this.#drive = null;
    const { row, start, end } = drive;
    if (end - start < SHORTEST_MS) return this.sink.reject(row, "end", "too_short");
    const distance_m = drive.odometerEnd_m - drive.odometerStart_m;
    if (distance_m <= 0) return this.sink.reject(row, "distance", "distance_zero");
    const energy_wh = energyFromCharge(
      drive.chargeStart_bp - drive.chargeEnd_bp,
      this.options.battery_wh,
      LEAST_FALL_BP,
    );
    this.sink.trip({
      row,
      start,
      end,
      precision: "exact",
      distance_m,
      energy_wh,
      energyEstimated: energy_wh !== null,
      quality: "manual",
      from: drive.from,
      to: drive.to,
      odometerStart_m: drive.odometerStart_m,
      odometerEnd_m: drive.odometerEnd_m,
      notes: null,
      sourceId: null,
      fingerprint: null,
      flags: [],
      track: null,
    });
  }
}
