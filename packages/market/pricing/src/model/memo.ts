/**
 * What was worked out for the first `count` sales at a moment. A walk asks for the same few again and again, so they are looked
 * through from the newest; names made of numbers would cost more than what they save.
 */
export class Memo<T> {
  readonly #counts: number[] = [];
  readonly #days: number[] = [];
  readonly #values: T[] = [];

  get(count: number, day: number): T | undefined {
    for (let i = this.#days.length - 1; i >= 0; i--)
      if (this.#days[i] === day && this.#counts[i] === count) return this.#values[i];
    return undefined;
  }

  set(count: number, day: number, value: T): void {
    this.#counts.push(count);
    this.#days.push(day);
    this.#values.push(value);
  }
}

export const memoOf = <K extends object, T>(all: WeakMap<K, Memo<T>>, whose: K): Memo<T> => {
  const known = all.get(whose);
  if (known) return known;
  const memo = new Memo<T>();
  all.set(whose, memo);
  return memo;
};
