/** Rules and fields that have a name for people; what is new is shown by its name in the API. */
const rules = [
  "marketplace.sale_fees",
  "marketplace.order_limits",
  "marketplace.auctions",
  "marketplace.wanted",
  "marketplace.identity_limits",
  "payments.withdrawal_limits",
  "invoices.terms",
  "verification.four_eyes",
  "credits.buffer_shares",
  "vehicles.position_retention",
  "vehicles.co2_factors",
  "pricing.hints",
] as const;

const fields = [
  "platformFeeBps",
  "cvaFeeBps",
  "paymentWindow_min",
  "winnerWindow_h",
  "openOrdersPerBuyer",
  "window_s",
  "stepBps",
  "stepMinor",
  "bands",
  "fromMinor",
  "name",
  "nameVi",
  "rateBps",
  "shortest_s",
  "longest_s",
  "secondChances",
  "depositBps",
  "strikes",
  "pauseDays",
  "days",
  "longestDays",
  "openPerBuyer",
  "listingAbove_g",
  "minimum_minor",
  "approval_above_minor",
  "holding_days",
  "identity_above_minor",
  "above_g",
  "connected",
  "export",
  "manual",
  "issuer.name",
  "issuer.address",
  "issuer.taxId",
  "issuer.country",
  "taxes",
  "method",
  "flat.baseline_mg_per_km",
  "flat.electric_mg_per_km",
  "metered.baseline_mg_per_km",
  "metered.charging_loss_bps",
  "twoWheelers.baseline_mg_per_km",
  "twoWheelers.electric_mg_per_km",
  "fewestTrades",
  "fewestTraders",
  "traderCap",
  "fewestErrors",
  "widestInterval",
] as const;

/** A rule's name as a key of the words; null for one that has none. */
export const ruleKey = (name: string) => {
  const known = rules.find((one) => one === name);
  return known ? (`rule.${known}` as const) : null;
};

/** The same of a field. */
export const fieldKey = (name: string) => {
  const known = fields.find((one) => one === name);
  return known ? (`field.${known}` as const) : null;
};
