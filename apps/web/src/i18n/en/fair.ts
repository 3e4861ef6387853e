export default {
  title: "Price compared with past sales",
  below: "Cheaper than past sales suggest ({{ share }})",
  fair: "In line with past sales ({{ share }})",
  above: "More expensive than past sales suggest ({{ share }})",
  basis:
    "Past sales suggest {{ suggested }} per credit for such a lot; 9 in 10 lie between {{ low }} and {{ high }}. Learned from {{ trades }} sales.",
  unknown: "Too few sales to compare this price with yet.",
  held: "Such ranges held {{ share }} of them.",
} as const;
