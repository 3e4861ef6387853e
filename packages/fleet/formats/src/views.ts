import type { Locale } from "@evx/kernel";
import type * as v from "valibot";
import { type Finding, findingSentence } from "./findings.ts";
import type * as S from "./schema.ts";

/** A finding as a person reads it: its code, its sentence in their language, the numbers behind it. */
export const findingView = (finding: Finding, locale: Locale): v.InferInput<typeof S.FindingView> => ({
  code: finding.code,
  message: findingSentence(finding, locale),
  values: finding.values,
});
