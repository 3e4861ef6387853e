type Facts = Readonly<Record<string, unknown>>;

/** Days begin up to so much earlier than in UTC. */
const ahead_ms = 14 * 3_600_000;

const day = /^\d{4}-\d\d-\d\d$/;

/**
 * What is wrong with the days of a batch's entry: they lie in its vintage's year, and none of them after the day on
 * which it was issued, wherever that was. Null for a sound one, and for version 1, which names none.
 */
export const daysFault = ({ batch, v, from, to, vintage, at }: Facts): string | null => {
  if (v !== 2) return null;
  const [first, last, year] = [String(from), String(to), `${vintage}-`];
  const formed = day.test(first) && day.test(last);
  if (!formed || !first.startsWith(year) || !last.startsWith(year) || first > last)
    return `Batch ${batch} was driven from ${first} to ${last}, which are not days of its vintage ${vintage}`;
  const issued = Date.parse(String(at));
  const today = Number.isNaN(issued) ? "" : new Date(issued + ahead_ms).toISOString().slice(0, 10);
  return last > today ? `Batch ${batch} was issued on ${at} for driving until ${last}` : null;
};
