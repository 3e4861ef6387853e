const cell = (value: string | number | null): string => {
  if (value === null) return "";
  const written = String(value);
  // A leading sign would be run as a formula by a spreadsheet.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(written) ? `'${written}` : written;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const csvLine = (values: readonly (string | number | null)[]): string =>
  `${values.map(cell).join(",")}\r\n`;
