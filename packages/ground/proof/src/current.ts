/** A run of a batch's grams. */
export type Span = { readonly batch: string; readonly first: bigint; readonly last: bigint };

/** Reads "000001-5-10"; null for anything else. */
export const readSpan = (text: unknown): Span | null => {
  const parts = typeof text === "string" ? /^(\d{6,18})-([1-9]\d{0,17})-([1-9]\d{0,17})$/.exec(text) : null;
  if (!parts) return null;
  const span = {
    batch: parts[1] as string,
    first: BigInt(parts[2] as string),
    last: BigInt(parts[3] as string),
  };
  return span.first <= span.last ? span : null;
};

export const writtenSpan = ({ batch, first, last }: Span): string => `${batch}-${first}-${last}`;

type Run = { readonly first: bigint; readonly last: bigint; readonly number: string };

/** The place in ordered runs before which one belongs. */
export const placeIn = (runs: readonly { first: bigint }[], first: bigint): number => {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle] as { first: bigint }).first < first) low = middle + 1;
    else high = middle;
  }
  return low;
};

export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Which certificate is current for which grams, as the log's entries say. */
export class Current {
  readonly #runs = new Map<string, Run[]>();
  /** Grams that each certificate is current for. */
  readonly #grams = new Map<string, bigint>();
  /** Grams that a new certificate claims from another, until an entry of standing says whose they are. */
  readonly #claims = new Map<string, Span & { was: string; by: string }>();

  /** Whatever is current within a span, in order. */
  within({ batch, first, last }: Span): Run[] {
    const runs = this.#runs.get(batch) ?? [];
    const found: Run[] = [];
    for (let at = Math.max(0, placeIn(runs, first) - 1); at < runs.length; at++) {
      const run = runs[at] as Run;
      if (run.first > last) break;
      if (run.last >= first)
        found.push({ ...run, first: most(run.first, first), last: least(run.last, last) });
    }
    return found;
  }

  /** Makes a certificate the current one of a span, or none. */
  set({ batch, first, last }: Span, number: string | null): void {
    const runs = this.#runs.get(batch) ?? [];
    this.#runs.set(batch, runs);
    let from = Math.max(0, placeIn(runs, first) - 1);
    if (from < runs.length && (runs[from] as Run).last < first) from++;
    let to = from;
    const fresh: Run[] = [];
    for (; to < runs.length && (runs[to] as Run).first <= last; to++) {
      const run = runs[to] as Run;
      this.#count(run.number, most(run.first, first) - least(run.last, last) - 1n);
      if (run.first < first) fresh.push({ ...run, last: first - 1n });
      if (run.last > last) fresh.push({ ...run, first: last + 1n });
    }
    if (number !== null) {
      fresh.push({ first, last, number });
      this.#count(number, last - first + 1n);
    }
    runs.splice(from, to - from, ...fresh.toSorted((a, b) => (a.first < b.first ? -1 : 1)));
  }

  #count(number: string, grams: bigint): void {
    const now = (this.#grams.get(number) ?? 0n) + grams;
    if (now === 0n) this.#grams.delete(number);
    else this.#grams.set(number, now);
  }

  /** How many grams a certificate is current for. */
  gramsOf(number: string): bigint {
    return this.#grams.get(number) ?? 0n;
  }

  /** A new certificate of a span: current where nothing was; a claim where another certificate is. */
  claim(span: Span, by: string): void {
    let free = span.first;
    const { batch } = span;
    const taken = this.within(span);
    for (const { first, last, number } of taken) {
      if (free < first) this.set({ batch, first: free, last: first - 1n }, by);
      if (number !== by) {
        const claim = { batch, first, last, was: number, by };
        this.#claims.set(`${by}/${writtenSpan(claim)}`, claim);
      }
      free = last + 1n;
    }
    if (free <= span.last) this.set({ batch, first: free, last: span.last }, by);
  }

  /**
   * A span that `number` passed on: to `by`, or, where that is null, before `number` was made, so that nothing that
   * was current gives way to it. A sentence when `number` neither had nor claimed it, or `by` is not of it; `known`
   * and `isOf` tell whether their ranges are in the log, which those of older entries are not.
   */
  pass(
    span: Span,
    { number, by, known, isOf }: { number: string; by: string | null; known: boolean; isOf: boolean },
  ): string | null {
    const claimed = this.#settle(span, by ?? number);
    const had = this.within(span).filter((run) => run.number === number);
    if (known && !claimed && had.length === 0)
      return `Certificate ${number} passes on ${writtenSpan(span)}, for which it was not current`;
    if (known && isOf && by !== null && !claimed)
      return `Certificate ${number} passes ${writtenSpan(span)} on to ${by}, which is not of these grams`;
    if (by !== null) this.set(span, by);
    else for (const { first, last } of had) this.set({ batch: span.batch, first, last }, null);
    return null;
  }

  #settle(span: Span, by: string): boolean {
    let found = false;
    for (const [key, claim] of this.#claims) {
      if (claim.by !== by || claim.batch !== span.batch) continue;
      if (claim.last < span.first || span.last < claim.first) continue;
      found = true;
      this.#claims.delete(key);
      for (const rest of [
        { ...claim, last: span.first - 1n },
        { ...claim, first: span.last + 1n },
      ])
        if (rest.first <= rest.last) this.#claims.set(`${by}/${writtenSpan(rest)}`, rest);
    }
    return found;
  }

  /** Grams for which two certificates read current, since no entry says which of them gave way; in sentences. */
  *disputes(): Generator<string> {
    for (const { was, by, ...span } of this.#claims.values())
      yield `Certificates ${was} and ${by} both read current for grams ${writtenSpan(span)}.`;
  }
}
