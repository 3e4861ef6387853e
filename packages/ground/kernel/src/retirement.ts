/** Why credits may be retired: a closed list, as the registry publishes it. */
export const retirementReasons = [
  "corporate_inventory",
  "event",
  "product",
  "travel",
  "personal",
  "compliance",
  "other",
] as const;

export type RetirementReason = (typeof retirementReasons)[number];
