export { type Cell, csvCell, csvFile, csvLines, csvPages, csvStart, csvType } from "./csv.ts";
export { drawApart } from "./draw.ts";
export { countryName, credits, day, decimal, kilograms, moment, month } from "./format.ts";
export {
  bytesOf,
  type Column,
  facts,
  feet,
  ink,
  inner,
  letterhead,
  newSheet,
  room,
  rule,
  type Sheet,
  section,
  sheet,
  table,
  write,
} from "./sheet.ts";
export { writeXlsx, xlsxFile, xlsxType } from "./xlsx.ts";
