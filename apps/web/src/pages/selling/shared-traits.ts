type Batch = { readonly country: string; readonly method: string; readonly vintage: number };
type Part = { readonly batch: Batch };

/** The one that all have; undefined where they differ, or there are none. */
const theOnly = <T>(values: readonly T[]): T | undefined => {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
};

/**
 * What is sure of any lot out of a wallet: the traits that all of its credits share. Which of them a lot takes is settled when it is
 * listed, so what they do not share is not asked about.
 */
export const sharedTraits = (parts: readonly Part[]): Partial<Batch> => {
  const country = theOnly(parts.map(({ batch }) => batch.country));
  const method = theOnly(parts.map(({ batch }) => batch.method));
  const vintage = theOnly(parts.map(({ batch }) => batch.vintage));
  return {
    ...(country === undefined ? {} : { country }),
    ...(method === undefined ? {} : { method }),
    ...(vintage === undefined ? {} : { vintage }),
  };
};
