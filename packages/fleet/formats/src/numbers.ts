/**
 * Reads a decimal number as an integer of 10^-places units, without passing through binary fractions:
 * scaled("12.3456", 3) is 12346 (half up). NaN when the text is not a number.
 * Accepts a sign, spaces around, thousands separators and an exponent; `comma` says which mark is decimal.
 */
export const scaled = (text: string, places: number, comma = false): number => {
  let at = 0;
  let end = text.length;
  while (at < end && text.charCodeAt(at) <= 32) at++;
  while (end > at && text.charCodeAt(end - 1) <= 32) end--;
  if (at === end) return Number.NaN;
  let sign = 1;
  const first = text.charCodeAt(at);
  if (first === 45 || first === 43) {
    if (first === 45) sign = -1;
    at++;
  }
  const mark = comma ? 44 : 46;
  let value = 0;
  let digits = 0;
  let decimals = -1;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      digits++;
      if (decimals < 0) value = value * 10 + (code - 48);
      else if (decimals < places) {
        value = value * 10 + (code - 48);
        decimals++;
      } else if (decimals === places) {
        if (code >= 53) value++;
        decimals++;
      }
    } else if (code === mark && decimals < 0) decimals = 0;
    else return unusual(text, places, comma);
  }
  if (digits === 0 || value > Number.MAX_SAFE_INTEGER) return Number.NaN;
  for (let place = Math.max(decimals, 0); place < places; place++) value *= 10;
  return value === 0 ? 0 : sign * value;
};

const grouped = /^[+-]?\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?:[.,]\d+)?$/;
const scientific = /^[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,3}$/;

const unusual = (text: string, places: number, comma: boolean): number => {
  const plain = text.trim().replace(/\s*(%|°)$/, "");
  if (plain !== text)
    return /^[+-]?[\d.,'’\u00a0\u202f ]+$/.test(plain) ? scaled(plain, places, comma) : Number.NaN;
  if (scientific.test(plain)) {
    const value = Math.round(Number(plain.replace(",", ".")) * 10 ** places);
    return Number.isSafeInteger(value) ? value : Number.NaN;
  }
  const mark = comma ? "," : ".";
  if (grouped.test(plain)) {
    const groups = plain.split(mark);
    if (groups.length <= 2) {
      const integer = (groups[0] as string).replace(/[.,'’\u00a0\u202f ]/g, "");
      return scaled(groups.length === 2 ? `${integer}${mark}${groups[1]}` : integer, places, comma);
    }
  }
  // The other decimal mark, where it cannot be a thousands separator: "12,5" in a file that uses points.
  if (/^[+-]?\d+[.,]\d+$/.test(plain)) return scaled(plain, places, plain.includes(","));
  return Number.NaN;
};

/** 1 mile is 1609.344 m exactly; millionths of a mile to whole metres. */
export const metresFromMicroMiles = (microMiles: number): number => Math.round(microMiles * 0.001609344);
