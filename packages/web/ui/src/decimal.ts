const separatorsOf = (locale: string) => {
  const parts = new Intl.NumberFormat(locale, { useGrouping: true }).formatToParts(1234567.5);
  return {
    group: parts.find((part) => part.type === "group")?.value ?? ",",
    decimal: parts.find((part) => part.type === "decimal")?.value ?? ".",
  };
};

const plain = /^\d+(\.\d+)?$/;

/**
 * Reads a number as people of a locale write it, as plain decimal text: "1.200,5" (vi) → "1200.5".
 * A separator of the other convention counts as the decimal mark where it cannot be grouping ("0.5" in vi).
 * Null when the text is not a number.
 */
export const readDecimal = (text: string, locale: string): string | null => {
  const { group, decimal } = separatorsOf(locale);
  const bare = text.replace(/[\s\u00a0\u202f]/g, "");
  if (bare === "") return "";
  const literal = (mark: string) => mark.replace(/[.]/g, "\\.");
  const grouped = new RegExp(`^[1-9]\\d{0,2}(${literal(group)}\\d{3})+(${literal(decimal)}\\d*)?$`);
  if (grouped.test(bare)) return trimmed(bare.split(group).join("").replace(decimal, "."));
  const single = new RegExp(`^\\d*([${literal(decimal)}${literal(group)}]\\d*)?$`);
  if (single.test(bare) && /\d/.test(bare)) return trimmed(bare.replace(/[.,]/, "."));
  return null;
};

const trimmed = (text: string) => (text.startsWith(".") ? `0${text}` : text).replace(/\.$/, "");

/** Writes plain decimal text as people of a locale do, keeping every digit: "1200.50" → "1.200,50" (vi). */
export const formatDecimal = (value: string, locale: string): string => {
  if (!plain.test(value)) return value;
  const { group, decimal } = separatorsOf(locale);
  const [whole = "", fraction] = value.split(".");
  const groupedWhole = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return fraction === undefined ? groupedWhole : `${groupedWhole}${decimal}${fraction}`;
};
