export default {
  title: "How avoided CO₂ is calculated",
  lead: "Every factor set used for requests, past and present. A set never changes; a better one gets a new name.",
  current: "In force",
  formula: "Formula",
  assumptions: "What it assumes",
  sources: "Sources",
  grid: "Grid of {{ country }}, {{ year }}",
  gridFigure: "{{ grams }} g CO₂e per kWh ({{ licence }})",
  hash: "SHA-256 of the set's canonical JSON: {{ hash }}",
} as const;
