export default {
  title: "How avoided CO₂ is calculated",
  lead: "Every factor set used for requests, past and present. A set never changes; a better one gets a new name.",
  current: "In force",
  beside: "Shown beside",
  whole: "The whole set as JSON, with every country's grid factors",
  formula: "Formula",
  assumptions: "What it assumes",
  sources: "Sources",
  uncertainty: "How sure it is",
  "uncertainty.flat-v1":
    "Nothing of it was measured, so no margin of error can be given. Where the grid burns much coal, an electric vehicle causes more than is assumed here, and less was avoided than is counted; in place of a thirsty petrol vehicle, more was.",
  "uncertainty.metered-v1":
    "Distance and energy are as sure as the data, whose quality stands on each batch. The grid's factor is a year's average and can be far off for any one hour. What the petrol vehicle would have emitted is set, not measured, and is the largest unknown.",
  claims: "What a credit is, and what it is not",
  "claims.body":
    "A credit says that somebody else avoided emissions by driving. It does not reduce a buyer's own emissions of Scope 1, 2 or 3: report it beside them, never take it off them.",
  buffer: "What is kept back against errors",
  "buffer.connected": "Of a batch with connected cars' data only",
  "buffer.export": "Of a batch with trips from exported files",
  "buffer.manual": "Of a batch with trips from logs kept by hand",
  "buffer.held": "In the buffer now",
  "buffer.body":
    "These shares of each new batch go to a common buffer and are never sold; the poorest data in a batch decide. If a batch turns out to be wrong, its credits are cancelled where its owner or the buffer still has them. What the owner sold or gave away is made up for by the owner's other credits, once, then by the buffer, also as it grows. Buyers keep what they bought in good faith, but not to meet a duty. Where the buffer is too small, the registry says how much is still owed, until the operator replaces the credits or refunds the buyer.",
  grid: "Grid of {{ country }}, {{ year }}",
  gridFigure: "{{ grams }} g CO₂e per kWh ({{ licence }})",
  hash: "SHA-256 of the set's canonical JSON: {{ hash }}",
} as const;
