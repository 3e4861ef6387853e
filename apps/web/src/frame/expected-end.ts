/** What is said of when a closed venue should be open: a time that has passed is told as late, never as still to come. */
export const endSaid = (until: string | Date | null, now: number): "strip.until" | "strip.late" | null => {
  if (until === null) return null;
  return new Date(until).getTime() > now ? "strip.until" : "strip.late";
};
