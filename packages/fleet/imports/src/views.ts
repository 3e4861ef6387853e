import { findingSentence, type Rejection } from "@evx/formats";
import type { Locale } from "@evx/kernel";
import type * as v from "valibot";
import type * as S from "./schema.ts";

/** A row that could not be used, as the quarantine report shows it. */
export const rejectionView = (
  rejection: Rejection,
  locale: Locale,
): v.InferInput<typeof S.RejectionView> => ({
  row: rejection.row,
  field: rejection.field,
  code: rejection.code,
  reason: findingSentence(rejection, locale),
});
