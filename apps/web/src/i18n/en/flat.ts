export default {
  assumed:
    "Flat rate: every kilometre counts the same, whatever the car, its consumption and the grid. It is assumed, not measured.",
  more: "The figures and their sources",
} as const;
