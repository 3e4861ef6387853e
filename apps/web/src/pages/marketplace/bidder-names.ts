/** How many names there are: a colour for each bird. */
const numberIn = (mask: string): number => Number.parseInt(mask.slice(0, 8), 16) || 0;

/**
 * A name for each bidder of a room, by the mark that the log has of them: "Grey Heron" is told from "White Crane" at a
 * glance, two rows of hex are not. The same marks give the same names, and no two in a room share one; where there are
 * more bidders than names, the rest go by their marks.
 */
export const bidderNames = (
  masks: Iterable<string>,
  names: readonly string[],
): ReadonlyMap<string, string> => {
  const given = new Map<string, string>();
  const taken = new Set<number>();
  for (const mask of [...new Set(masks)].filter(Boolean).sort()) {
    if (taken.size === names.length) break;
    let place = numberIn(mask) % names.length;
    while (taken.has(place)) place = (place + 1) % names.length;
    taken.add(place);
    given.set(mask, names[place] ?? mask);
  }
  return given;
};
