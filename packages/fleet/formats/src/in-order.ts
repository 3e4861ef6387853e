/** Rows that may wait for an earlier one: whole logs of most drives, and memory that stays small. */
const mostWaiting = 20_000;

/**
 * Puts rows that are nearly in order of time into it: a log that is written newest first, or whose lines swapped places.
 * A row that comes more than twenty thousand rows late is given to `late`.
 */
export class InOrder<T extends { at: number }> {
  #waiting: T[] = [];
  #sorted = true;
  #given = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly give: (row: T) => void,
    private readonly late: (row: T) => void,
  ) {}

  push(row: T): void {
    if (row.at < this.#given) {
      this.late(row);
      return;
    }
    const last = this.#waiting.at(-1);
    if (last && last.at > row.at) this.#sorted = false;
    this.#waiting.push(row);
    if (this.#waiting.length >= 2 * mostWaiting) this.#release(mostWaiting);
  }

  end(): void {
    this.#release(this.#waiting.length);
  }

  #release(count: number): void {
    if (!this.#sorted) this.#waiting.sort((a, b) => a.at - b.at);
    this.#sorted = true;
    const out = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    for (const row of out) {
      this.#given = row.at;
      this.give(row);
    }
  }
}
