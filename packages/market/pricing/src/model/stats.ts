/** Order statistics with weights. All arrays are parallel; none is changed. */

export const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The value at which half of the weight lies below; between two values when the half falls exactly between them.
 * NaN when there is no weight.
 */
export const weightedMedian = (values: readonly number[], weights: readonly number[]): number => {
  const order: number[] = [];
  let whole = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights[i] as number;
    if (weight > 0) {
      order.push(i);
      whole += weight;
    }
  }
  order.sort((a, b) => (values[a] as number) - (values[b] as number));
  let below = 0;
  for (let i = 0; i < order.length; i++) {
    below += weights[order[i] as number] as number;
    const value = values[order[i] as number] as number;
    // A tie is decided up to rounding: the weights are sums of products.
    if (Math.abs(below - whole / 2) < whole * 1e-12 && i + 1 < order.length)
      return (value + (values[order[i + 1] as number] as number)) / 2;
    if (below > whole / 2) return value;
  }
  return order.length > 0 ? (values[order.at(-1) as number] as number) : Number.NaN;
};

/** The smallest value that a share of the weight does not exceed; NaN when there is no weight. */
export const weightedQuantile = (
  values: readonly number[],
  weights: readonly number[],
  share: number,
): number => {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number));
  const needed = share * weights.reduce((sum, weight) => sum + weight, 0) * (1 - 1e-12);
  let below = 0;
  for (const i of order) {
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
  values.toSorted((a, b) => a - b)[clamp(k, 1, values.length) - 1] ?? Number.NaN;

/** The smallest value that a share of all values does not exceed. */
export const quantile = (values: readonly number[], share: number): number =>
  kthSmallest(values, Math.ceil(values.length * share));

/** How many equal observations weigh as much: (Σw)² / Σw². */
export const effectiveCount = (weights: readonly number[]): number => {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
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
