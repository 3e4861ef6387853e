import type { Format, Quirks } from "./format.ts";
import { formats } from "./formats/index.ts";

const shapes: Record<Format["shape"], string> = {
  trips: "one row is one trip, or one day where there is only a date",
  readings: "rows are readings; each run of them without a long gap is a trip",
  "tesla-minutes": "a row a minute; trips follow from the gear, distances from the odometer",
  "growing-days": "readings that grow through a day; the largest is the day's",
};

const oddities = (quirks: Quirks): string[] => [
  ...(quirks.utc ? ["times without a zone are UTC"] : []),
  ...(quirks.unit ? [`distances are in ${quirks.unit.is} where the header names no unit`] : []),
  ...(quirks.dateOrder ? [`dates are ${quirks.dateOrder} where none shows it`] : []),
  ...(quirks.zeroEnergyUnknown ? ["0 kWh means that nothing was measured"] : []),
  ...(quirks.coarseEnergy ? ["energy is coarse and refuses no trip"] : []),
  ...(quirks.negativeEnergy ? ["energy is written as what the battery lost"] : []),
  ...(quirks.energyUnit ? [`energy is in ${quirks.energyUnit} where the header names no unit`] : []),
  ...(quirks.consumptionFirst ? ["the shown consumption counts before the energy"] : []),
  ...(quirks.endOnly ? ["only the end is known; the start is estimated from the distance at 40 km/h"] : []),
  ...(quirks.rows ? ["rows that sum up others are named and left out"] : []),
  ...(quirks.chargeParts ? [`the state of charge counts 1/${quirks.chargeParts} of a percent`] : []),
  ...(quirks.metres ? ["distances are in metres where the header names no unit"] : []),
  ...(quirks.stays ? ["rows without a distance are stays, and are counted, not refused"] : []),
  ...(quirks.phone ? ["a phone wrote it: the preview says that it does not know in which car"] : []),
  ...(quirks.gapsDriven ? ["a gap in which the positions go on is part of the drive"] : []),
];

const one = (format: Format): string => {
  const needs = format.needs.map((wanted) =>
    typeof wanted === "string"
      ? `\`${wanted}\``
      : wanted
          .slice(0, 4)
          .map((name) => `\`${name}\``)
          .join(" or "),
  );
  const odd = oddities(format.quirks ?? {});
  const sample = format.sample.split("\n").slice(0, 3).join("\n").slice(0, 400);
  return [
    `## ${format.title.en} (\`${format.name}\`)`,
    format.from,
    `- Rows: ${shapes[format.shape]}.`,
    `- Recognised by: ${needs.join(", ")}.`,
    ...(odd.length > 0 ? [`- Odd: ${odd.join("; ")}.`] : []),
    `\`\`\`\n${sample}\n\`\`\``,
  ].join("\n");
};

/** The page of all formats, made from the formats themselves. */
export const formatsPage = (): string =>
  `# Files of trips that we read

Made from \`packages/fleet/formats/src/formats\` by \`bun run docs\`; not written by hand. Headers are shown in their plain
spelling: lower case, no accents, words joined by an underscore. Whatever no format fits is read by the words of its
headers, or mapped by hand in the preview.

Every format may come as CSV (comma, semicolon, tab, bar), JSON, or a sheet of an Excel workbook (.xlsx), alone in a ZIP too;
in UTF-8, UTF-16, Windows-1252 or Windows-1258; with digits of any script; with decimal points or commas; with units in its
cells (km, mi, m, kWh, Wh); with a column that names the zone of each row ("Asia/Tokyo", "UTC+7", "-05:00"). A log with one
value in each row (time, name, value, unit) is a log of readings.

${formats.map(one).join("\n\n")}
`;
