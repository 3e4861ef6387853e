import { leiIn } from "@evx/kernel";
import * as v from "valibot";

/**
 * How somebody is named where everybody reads: certificates, the registry, its files. `pseudonym` is what everybody begins with;
 * `name` is one that a person chose to show; `company` whom they act for.
 */
export const publicKind = v.picklist(["pseudonym", "name", "company"]);

export const PublicName = v.object({
  kind: publicKind,
  /** The chosen name; null under a pseudonym. */
  name: v.nullable(v.string()),
  /** A company's Legal Entity Identifier (ISO 17442). */
  lei: v.nullable(v.string()),
  /** What stays theirs whatever they choose. */
  pseudonym: v.string(),
  /** What a certificate that is made now says. */
  shown: v.string(),
});

export type PublicNameView = v.InferOutput<typeof PublicName>;

export const PublicNameAnswer = v.object({ publicName: PublicName });

/** One made out to look like somebody's pseudonym would let them pass for another. */
const looksDrawn = (name: string): boolean => /^H-[0-9A-F]{4}/i.test(name);

/** `name` is a person's name of `schema.ts`, which has its rules. */
export const choosePublicName = <S extends v.GenericSchema<string, string>>(name: S) => {
  const chosen = v.pipe(
    name,
    v.check((text) => !looksDrawn(text), "Choose a name that does not look like a pseudonym."),
  );
  return v.variant("kind", [
    v.strictObject({ kind: v.literal("pseudonym") }),
    v.strictObject({ kind: v.literal("name"), name: chosen }),
    v.strictObject({ kind: v.literal("company"), name: chosen, lei: v.optional(v.nullable(leiIn)) }),
  ]);
};
