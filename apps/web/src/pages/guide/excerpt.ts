/** How much is shown before what was found, and in all; words that the cut meets are left out. */
const [before, whole] = [60, 160];

/** A piece of a section's text around a place in it, in whole words; where there is more, it says so. */
export const excerptOf = (text: string, place: number): string => {
  const from = Math.max(0, place - before);
  const start = from === 0 ? 0 : text.indexOf(" ", from) + 1;
  const end = start + whole;
  if (end >= text.length) return `${start > 0 ? "… " : ""}${text.slice(start)}`;
  const last = text.lastIndexOf(" ", end);
  return `${start > 0 ? "… " : ""}${text.slice(start, last > place ? last : end)} …`;
};
