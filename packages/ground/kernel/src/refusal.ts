/** Why something was refused, in kinds that an edge maps to its own codes (HTTP, tRPC, exit code). */
export type RefusalKind =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "too_large"
  | "wrong_method"
  | "unsupported_media"
  | "rate_limited"
  | "unavailable";

export type Locale = "en" | "vi";

/** One refusal: its kind and its sentence in both languages. `{name}` is filled from the details. */
export type RefusalText = { kind: RefusalKind; en: string; vi: string };

export type RefusalDetails = Record<string, string | number>;

/** What a program needs to act on a refusal, shown beside its code: `{ vehicles: ["Van 1", "Van 2"] }`. */
export type RefusalFacts = Readonly<Record<string, string | number | readonly string[]>>;

/** One problem of an input, named by the path of its field ("creditsAmount", "trips.3.distanceKm"). */
export type Issue = { path: string; message: string };

/** Six decimals are credits: a reader is spared the zeros at their end. Vietnamese writes a decimal comma. */
const readable = (detail: string | number | undefined, locale: Locale): string => {
  const text = String(detail ?? "");
  if (!/^-?\d+\.\d+$/.test(text)) return text;
  const short = /\.\d{6}$/.test(text) ? text.replace(/\.?0+$/, "") : text;
  return locale === "vi" ? short.replace(".", ",") : short;
};

/** A "no" that the caller can act on. Anything else that is thrown is a bug. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly facts: RefusalFacts;

  constructor(
    readonly code: string,
    readonly kind: RefusalKind,
    private readonly text: RefusalText,
    readonly details: RefusalDetails = {},
    readonly issues: readonly Issue[] = [],
    options?: ErrorOptions & { facts?: RefusalFacts },
  ) {
    super("", options);
    this.facts = options?.facts ?? {};
    this.message = this.sentence("en");
  }

  /** The sentence in a language, with the details filled in. */
  sentence(locale: Locale): string {
    return this.text[locale].replace(/\{(\w+)\}/g, (_, name: string) => readable(this.details[name], locale));
  }
}

export type Refuse<T extends Record<string, RefusalText>> = ((
  code: keyof T & string,
  details?: RefusalDetails,
  options?: ErrorOptions & { issues?: readonly Issue[]; facts?: RefusalFacts },
) => Refusal) & { readonly all: T };

/**
 * Declares a closed set of refusals and answers the function that makes them:
 * `throw refuse("listing_sold")`. `refuse.all` lists the set for documentation and tests.
 */
export const refusals = <const T extends Record<string, RefusalText>>(all: T): Refuse<T> =>
  Object.assign(
    (
      code: keyof T & string,
      details?: RefusalDetails,
      options?: ErrorOptions & { issues?: readonly Issue[]; facts?: RefusalFacts },
    ) => {
      const text = all[code] as RefusalText;
      return new Refusal(code, text.kind, text, details, options?.issues, options);
    },
    { all },
  );

/** A fact that only a bug can make false. */
export function assert(fact: unknown, message: string): asserts fact {
  if (!fact) throw new Error(`Assertion failed: ${message}`);
}
