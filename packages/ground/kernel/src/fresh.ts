/** Something that is made anew at most once in so many milliseconds, however many ask at once; a failure is not kept. */
export const freshFor = <T>(ms: number, make: () => Promise<T>): (() => Promise<T>) => {
  let made: { at: number; answer: Promise<T> } | null = null;
  return () => {
    if (!made || performance.now() - made.at > ms) {
      const mine = { at: performance.now(), answer: make() };
      made = mine;
      mine.answer.catch(() => {
        if (made === mine) made = null;
      });
    }
    return made.answer;
  };
};

/** What is made of a thing, once for each thing, for as long as somebody holds it. */
export const onceFor = <K extends object, V, More extends unknown[]>(make: (of: K, ...more: More) => V) => {
  const made = new WeakMap<K, { readonly value: V }>();
  return (of: K, ...more: More): V => {
    const known = made.get(of) ?? { value: make(of, ...more) };
    made.set(of, known);
    return known.value;
  };
};
