/**
 * One cell as RFC 4180 wants it. A text that a spreadsheet would run as a formula gets an apostrophe in front,
 * because names and notes are written by strangers; numbers keep their sign.
 */
const cell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A CSV file with a byte-order mark, so that spreadsheets read Vietnamese right. */
export const csvFile = (
  fileName: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
) => ({
  contentType: "text/csv; charset=utf-8",
  fileName,
  content: new TextEncoder().encode(
    `\uFEFF${[header, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`,
  ),
});
