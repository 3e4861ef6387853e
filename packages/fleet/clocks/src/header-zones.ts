/** "(UTC)", "[GMT+7]", "(UTC+05:30)", "UTC" as the last word: the zone of the moments below. */
const written =
  /[\s_]*(?:[([]\s*(?:UTC|GMT|utc|gmt)\s*(?:([+-])\s*(\d{1,2})(?::?(\d{2}))?)?\s*[)\]]|(?<=[\s_])(?:UTC|GMT|utc|gmt)|(?<=[a-z])U(?:TC|tc))\s*$/;

/** A header without the zone behind it. */
export const withoutZone = (header: string): string => {
  const bare = header.replace(written, "");
  return bare.trim() === "" ? header : bare;
};

/** The zone that a header says its moments are in, as `zoneOf` takes it, or null. */
export const zoneInHeader = (header: string): string | null => {
  const found = written.exec(header) ?? /^\s*(?:UTC|GMT)\s*$/i.exec(header);
  if (!found) return null;
  const [, sign, hours = "0", minutes = "00"] = found;
  if (!sign || (Number(hours) === 0 && Number(minutes) === 0)) return "UTC";
  return Number(hours) > 14 || Number(minutes) > 59 ? null : `${sign}${hours.padStart(2, "0")}:${minutes}`;
};
