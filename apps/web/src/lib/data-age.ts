import { createSignal } from "solid-js";

const [ages, setAges] = createSignal<ReadonlyMap<string, number>>(new Map());

/** Of the procedures whose last answer came from a copy of the books: how old it was at most when it came, in milliseconds. */
export const dataAges = ages;

/** Notes how old an answer was that these procedures' calls travelled in; without the header it was of that moment. */
export const learnDataAge = (paths: readonly string[], header: string | null): void => {
  const age = header === null ? Number.NaN : Number(header);
  const known = ages();
  if (Number.isNaN(age) && !paths.some((path) => known.has(path))) return;
  const next = new Map(known);
  for (const path of paths) {
    if (age >= 0) next.set(path, age);
    else next.delete(path);
  }
  setAges(next);
};
