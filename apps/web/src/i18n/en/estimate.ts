export default {
  title: "How far do you drive in a year?",
  km: "km a year",
  kg: "kg of CO₂ avoided",
  money: "a year, to your bank",
  action: "Start with your car",
  basis:
    "{{ grams }} g per km under method {{ method }}, at {{ price }} a credit ({{ sales }}), after our {{ platform }}% and the auditor's {{ auditor }}%.",
  sales_one: "the one sale of the last {{ days }} days",
  sales_other: "the median of {{ count }} sales of the last {{ days }} days",
  range: "Prices move: in the past year it would have paid between {{ low }} and {{ high }}.",
  noPrice:
    "{{ grams }} g per km under method {{ method }}. Nothing has been sold here in the past year, so there is no price to go by.",
} as const;
