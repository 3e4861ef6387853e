import * as v from "valibot";

export const wholeNumber = (message: string) =>
  v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,9}$/, message), v.transform(Number))], message),
    v.integer(message),
  );

export const decimal = (max: number, message: string) =>
  v.pipe(
    v.union(
      [v.number(), v.pipe(v.string(), v.regex(/^\d{1,9}(\.\d{1,3})?$/, message), v.transform(Number))],
      message,
    ),
    v.finite(message),
    v.minValue(0, message),
    v.maxValue(max, message),
  );

/** A finding as a person reads it: its code, its sentence in the reader's language, the numbers behind it. */
export const FindingView = v.object({
  code: v.string(),
  message: v.string(),
  values: v.record(v.string(), v.union([v.number(), v.string()])),
});
