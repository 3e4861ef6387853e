export default {
  title: "Price compared with past sales",
  below: "Cheaper than past sales suggest ({{ share }})",
  fair: "In line with past sales ({{ share }})",
  above: "More expensive than past sales suggest ({{ share }})",
  basis:
    "Lots like this sell for about {{ suggested }} per credit, 9 in 10 of them between {{ low }} and {{ high }}. Based on {{ trades }} sales.",
  unknown: "Past sales do not say enough yet to judge this price.",
  held: "{{ share }} of them fell within the range we gave.",
} as const;
