/** Order statistics with weights. All arrays are parallel; none is changed. */

export const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Runs so short are put in order by insertion. */
const RUN = 12;
let spare: Int32Array = new Int32Array(1_024);
let kept: Int32Array = new Int32Array(1_024);

const insertInto = (places: Int32Array, keys: readonly number[], from: number, to: number): void => {
  for (let i = from + 1; i < to; i++) {
    const place = places[i] as number;
    const key = keys[place] as number;
    let at = i - 1;
    while (at >= from && (keys[places[at] as number] as number) > key) {
      places[at + 1] = places[at] as number;
      at--;
    }
    places[at + 1] = place;
  }
};

/**
 * Puts the first `count` places in order of their keys, equal ones staying as they were: what `sort` does with a comparison, which a
 * walk's time would go into.
 */
const sortByKeys = (places: Int32Array, count: number, keys: readonly number[]): void => {
  for (let from = 0; from < count; from += RUN) insertInto(places, keys, from, Math.min(from + RUN, count));
  if (spare.length < count) spare = new Int32Array(2 * count);
  let [source, target] = [places, spare];
  for (let run = RUN; run < count; run *= 2) {
    for (let from = 0; from < count; from += 2 * run) {
      const middle = Math.min(from + run, count);
      const end = Math.min(from + 2 * run, count);
      let [left, right] = [from, middle];
      for (let at = from; at < end; at++) {
        const takesLeft =
          left < middle &&
          (right >= end ||
            (keys[source[left] as number] as number) <= (keys[source[right] as number] as number));
        target[at] = source[takesLeft ? left++ : right++] as number;
      }
    }
    [source, target] = [target, source];
  }
  if (source !== places) for (let i = 0; i < count; i++) places[i] = source[i] as number;
};

/** Places from the smallest key to the largest. Good until the next order is asked for. */
export const orderOf = (keys: readonly number[], count = keys.length): Int32Array => {
  if (kept.length < count) kept = new Int32Array(2 * count);
  for (let i = 0; i < count; i++) kept[i] = i;
  sortByKeys(kept, count, keys);
  return kept;
};

/**
 * The value at which half of the weight lies below; between two values when the half falls exactly between them.
 * NaN when there is no weight.
 */
export const weightedMedian = (values: readonly number[], weights: readonly number[]): number => {
  if (kept.length < values.length) kept = new Int32Array(2 * values.length);
  const order = kept;
  let count = 0;
  let whole = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights[i] as number;
    if (weight > 0) {
      order[count++] = i;
      whole += weight;
    }
  }
  sortByKeys(order, count, values);
  let below = 0;
  for (let i = 0; i < count; i++) {
    below += weights[order[i] as number] as number;
    const value = values[order[i] as number] as number;
    // A tie is decided up to rounding: the weights are sums of products.
    if (Math.abs(below - whole / 2) < whole * 1e-12 && i + 1 < count)
      return (value + (values[order[i + 1] as number] as number)) / 2;
    if (below > whole / 2) return value;
  }
  return count > 0 ? (values[order[count - 1] as number] as number) : Number.NaN;
};

/** The smallest value that a share of the weight does not exceed; NaN when there is no weight. */
export const weightedQuantile = (
  values: readonly number[],
  weights: readonly number[],
  share: number,
): number => {
  const order = orderOf(values);
  const needed = share * weights.reduce((sum, weight) => sum + weight, 0) * (1 - 1e-12);
  let below = 0;
  for (let at = 0; at < values.length; at++) {
    const i = order[at] as number;
    below += weights[i] as number;
    if (below >= needed) return values[i] as number;
  }
  return Number.NaN;
};

export const median = (values: readonly number[]): number =>
  weightedMedian(
    values,
    values.map(() => 1),
  );

/** The k-th smallest, k from 1; the largest for a k beyond the end. */
export const kthSmallest = (values: readonly number[], k: number): number =>
  Float64Array.from(values).sort()[clamp(k, 1, values.length) - 1] ?? Number.NaN;

/** The smallest value that a share of all values does not exceed. */
export const quantile = (values: readonly number[], share: number): number =>
  kthSmallest(values, Math.ceil(values.length * share));

/** How many equal observations weigh as much: (Σw)² / Σw². */
export const effectiveCount = (weights: readonly number[]): number => {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    sum += weight;
    squares += weight * weight;
  }
  return squares > 0 ? (sum * sum) / squares : 0;
};

/** exp(−ln 2 · age / halfLife): the weight of something that old. */
export const decay = (age: number, halfLife: number): number => 2 ** (-age / halfLife);

/** The newest values in order of size, so that an order statistic needs no sorting. Forgets the oldest beyond `most`. */
export const sortedWindow = (most: number) => {
  const arrived: number[] = [];
  const sorted: number[] = [];
  const placeOf = (value: number): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    size: () => sorted.length,
    /** The k-th smallest, k from 1; the largest for a k beyond the end; NaN of none. */
    kth: (k: number): number => sorted[clamp(k, 1, sorted.length) - 1] ?? Number.NaN,
    push(value: number): void {
      arrived.push(value);
      sorted.splice(placeOf(value), 0, value);
      if (arrived.length > most) sorted.splice(placeOf(arrived.shift() as number), 1);
    },
  };
};
