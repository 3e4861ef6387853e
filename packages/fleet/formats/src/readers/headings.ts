import { plainHeader } from "@evx/columns";
import type { ImportOptions, Plan } from "../candidate.ts";
import { columnsOf, formatNamed } from "../headers.ts";
import { vehicleKey } from "../survey.ts";
import { headingOf, vinsWithin } from "../vehicles.ts";

/** Lines that are looked at whether they are a header: a file of nothing else costs no more than that. */
const mostAsked = 2_000;

/** What lines between the rows say of the rows below them: files that were put one behind the other have such lines. */
export class Headings {
  /** The car of what follows, where it is another one. */
  vehicle: string | null = null;
  /** The headers of what follows, where they are others than the file's: a list of charges below one of trips. */
  table: string | null = null;
  readonly #times: number;
  readonly #header: string;
  #own: string | null;
  #asked = 0;

  constructor(
    plan: Plan,
    private readonly options: ImportOptions,
  ) {
    const { start, end, date } = plan.columns;
    this.#times = start ?? date ?? end ?? -1;
    this.#header = plan.header.map(plainHeader).join();
    const first = options.survey?.heading ?? null;
    this.#own = options.vehicle ?? first;
    if (first !== null && this.#own !== null && vehicleKey(first) !== vehicleKey(this.#own))
      this.vehicle = first;
  }

  /** Whether a row is a header: the file's once more, or that of another table. */
  isHeader(fields: readonly string[]): boolean {
    // Whatever has a time is none; this is all that most rows are asked.
    const cell = fields[this.#times]?.trim() ?? "";
    if (cell === "" || /\d/.test(cell) || this.#asked >= mostAsked) return false;
    this.#asked++;
    const named = fields.filter((field) => field.trim() !== "");
    if (named.length < 2 || named.some((field) => /^[\W_]*\d/.test(field))) return false;
    const { start, end, date } = columnsOf(fields, formatNamed("evx"));
    if ((start ?? end ?? date) === undefined) return false;
    const same = fields.map(plainHeader).join().startsWith(this.#header);
    this.table = same ? null : named.slice(0, 8).join(", ").slice(0, 120);
    return true;
  }

  /** Takes in a line that is no row: it may name the car of what follows. */
  hear(fields: readonly string[]): void {
    const { vin } = this.options;
    const vins = vin === undefined ? [] : vinsWithin(fields.join(" "));
    if (vin !== undefined && vins.length > 0) {
      this.vehicle = vins.includes(vehicleKey(vin)) ? null : (vins[0] as string);
      return;
    }
    const named = headingOf(fields);
    if (named === null) return;
    this.#own ??= named;
    this.vehicle = vehicleKey(named) === vehicleKey(this.#own) ? null : named;
  }
}
