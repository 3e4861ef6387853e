import { countryCode, leiIn, momentIn, retirementReasons, textOf } from "@evx/kernel";
import * as v from "valibot";

/** In whose name credits are retired, and what for: of the page of retirements and of a purchase alike. */
export const retirementForm = {
  beneficiaryName: textOf(200),
  beneficiaryCountry: v.optional(v.nullable(countryCode)),
  /** Of a company: its Legal Entity Identifier (ISO 17442). */
  beneficiaryLei: v.optional(v.nullable(leiIn)),
  reason: v.picklist(retirementReasons),
  message: v.optional(v.nullable(textOf(500, 0))),
  periodFrom: v.optional(v.nullable(momentIn)),
  periodTo: v.optional(v.nullable(momentIn)),
};
