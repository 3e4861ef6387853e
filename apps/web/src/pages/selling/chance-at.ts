type Point = { readonly pricePerCredit: string; readonly chance: number };

/** The chance at a price, straight between the two nearest points of a curve; beyond its ends that of the end. */
export const chanceAt = (curve: readonly Point[], price: number): number => {
  const points = curve
    .map(({ pricePerCredit, chance }) => ({ at: Number(pricePerCredit), chance }))
    .sort((a, b) => a.at - b.at);
  const above = points.findIndex(({ at }) => at >= price);
  const [low, high] = [points[above - 1], points[above]];
  if (!high) return points.at(-1)?.chance ?? 0;
  if (!low || high.at === low.at) return high.chance;
  return low.chance + ((high.chance - low.chance) * (price - low.at)) / (high.at - low.at);
};
