type Facts = Readonly<Record<string, unknown>>;

/** Days begin up to so much earlier than in UTC. */
const ahead_ms = 14 * 3_600_000;

const day = /^\d{4}-\d\d-\d\d$/;

/** The last day of a day's month. */
const lastOfMonth = (text: string): string => {
  const at = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0));
  return Number.isNaN(at.getTime()) ? text : at.toISOString().slice(0, 10);
};

/** Version 2 had the days of driving. Version 3 has whole months: on which day somebody drove is nobody's business. */
export const monthsOf = (from: unknown, to: unknown): { from: string; to: string } => ({
  from: `${String(from).slice(0, 8)}01`,
  to: lastOfMonth(String(to)),
});

/**
 * What is wrong with the days of a batch's entry: they lie in its vintage's year, and none of them after the day, or the
 * month from version 3, in which it was issued, wherever that was. Null for a sound one, and for version 1, which names none.
 */
export const daysFault = ({ batch, v, from, to, vintage, at }: Facts): string | null => {
  if (v !== 2 && v !== 3) return null;
  const [first, last, year] = [String(from), String(to), `${vintage}-`];
  const formed = day.test(first) && day.test(last);
  if (!formed || !first.startsWith(year) || !last.startsWith(year) || first > last)
    return `Batch ${batch} was driven from ${first} to ${last}, which are not days of its vintage ${vintage}`;
  const months = v === 3 ? monthsOf(first, last) : { from: first, to: last };
  if (months.from !== first || months.to !== last)
    return `Batch ${batch} was driven from ${first} to ${last}, which are not whole months`;
  const issued = Date.parse(String(at));
  const today = Number.isNaN(issued) ? "" : new Date(issued + ahead_ms).toISOString().slice(0, 10);
  const until = v === 3 ? lastOfMonth(today) : today;
  return last > until ? `Batch ${batch} was issued on ${at} for driving until ${last}` : null;
};

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";

/**
 * What is wrong with the accreditation that a batch's entry names from version 3: by whom its auditor is accredited, under
 * which number, how sure they are, and until which day. Null for a sound one, and where none had been entered.
 */
export const accreditationFault = ({ batch, v, accreditation }: Facts): string | null => {
  if (v !== 3 || accreditation === null) return null;
  const { body, number, assurance, validUntil } = Object(accreditation) as Facts;
  const formed = isText(body) && isText(number) && (assurance === "limited" || assurance === "reasonable");
  return formed && (validUntil === null || day.test(String(validUntil)))
    ? null
    : `Batch ${batch} names an accreditation that is none`;
};
