export default {
  title: "How saved CO₂ is computed",
  lead: "Every factor set that requests were or are made with. None is ever changed; a better one gets a new name.",
  current: "In force",
  formula: "Formula",
  assumptions: "What it assumes",
  sources: "Sources",
  grid: "Grid of {{ country }}, {{ year }}",
  gridFigure: "{{ grams }} g CO₂e per kWh ({{ licence }})",
  hash: "SHA-256 of the set's canonical JSON: {{ hash }}",
} as const;
