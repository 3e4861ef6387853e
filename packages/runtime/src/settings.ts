import * as v from "valibot";
import { easySentence, isHardToGuess } from "./secrets.ts";

/** What this project publishes as values for development and examples: everybody knows them. */
const published = /development-only-|do-not-use-elsewhere|change-me|emulator/i;

export const notPublished = v.check(
  (text: string) => !published.test(text),
  "is a value that this project publishes: make one of your own",
);

/** The same where it is production alone: an address with a password in it, which development publishes. */
export const unpublished = (production: boolean) =>
  v.check(
    (text: string) => !production || !published.test(text),
    "holds a value that this project publishes",
  );

/** A setting that has a default in development and must be given in production, where it has to pass `pattern`. */
export const given = (production: boolean, initial: string, pattern: RegExp, sentence: string) =>
  production
    ? v.pipe(v.string("is missing"), notPublished, v.regex(pattern, sentence))
    : v.optional(v.string(), initial);

/** A setting that may be left out everywhere, and is checked in production when it is there. */
export const mayBe = (production: boolean, ...checks: v.PipeAction<string, string, v.BaseIssue<unknown>>[]) =>
  v.optional(production ? v.pipe(v.string(), notPublished, ...checks) : v.string());

/** A token of ours that others show: may be left out. */
export const ownToken = (production: boolean) =>
  v.optional(
    v.pipe(
      v.string(),
      v.minLength(24, "needs at least 24 characters"),
      notPublished,
      v.check((text) => !production || isHardToGuess(text), easySentence),
    ),
  );
