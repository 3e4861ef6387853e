import { metresFromMicroMiles, scaled } from "./numbers.ts";

/** Units of lengths, by the metres that each is. */
const lengths = {
  km: {
    metres: 1_000,
    names: "km kms kilometer kilometers kilometre kilometres ki-lô-mét cây 公里 千米 км กม キロ 킬로미터",
  },
  mi: { metres: 1_609.344, names: "mi mile miles dặm dam" },
  m: { metres: 1, names: "m meter meters metre metres mét" },
  ft: { metres: 0.3048, names: "ft feet foot" },
  yd: { metres: 0.9144, names: "yd yds yard yards" },
  nmi: { metres: 1_852, names: "nmi" },
  hm: { metres: 100, names: "hm" },
  dm: { metres: 0.1, names: "dm" },
  cm: { metres: 0.01, names: "cm" },
  mm: { metres: 0.001, names: "mm" },
} as const;
export type LengthUnit = keyof typeof lengths;
export type EnergyUnit = "kwh" | "wh";

const lengthUnits: Readonly<Record<string, LengthUnit>> = Object.fromEntries(
  (Object.entries(lengths) as [LengthUnit, { names: string }][]).flatMap(([unit, { names }]) =>
    names.split(" ").map((name) => [name, unit]),
  ),
);
/** A unit by what a cell calls it, or undefined. */
export const lengthUnitNamed = (name: string): LengthUnit | undefined =>
  lengthUnits[name.trim().toLowerCase().replace(/\.$/, "")];

const energyUnits: Readonly<Record<string, EnergyUnit>> = {
  kwh: "kwh",
  wh: "wh",
  度: "kwh",
  số: "kwh",
  квт·ч: "kwh",
  квтч: "kwh",
  หน่วย: "kwh",
  kw·h: "kwh",
  w·h: "wh",
};

/** A number with its unit behind it ("12.5 km", "2100Wh"), or null. */
const withUnit = /^\s*([+-]?[\d.,'’\u00a0\u202f ]*\d)\s*([\p{L}·-]+)\.?\s*$/u;

/** What a cell with letters holds: a value in our unit, `unit` when the unit is none we know, else NaN. */
export type Quantity = number | "unit";

const metresIn = (number: string, unit: LengthUnit, comma: boolean): number => {
  if (unit === "m") return scaled(number, 0, comma);
  if (unit === "km") return scaled(number, 3, comma);
  return unit === "mi"
    ? metresFromMicroMiles(scaled(number, 6, comma))
    : Math.round((scaled(number, 6, comma) * lengths[unit].metres) / 1e6);
};

/** A length in metres. A unit in the cell counts before the column's. */
export const readLength = (text: string, unit: LengthUnit, comma: boolean): Quantity => {
  const plain = metresIn(text, unit, comma);
  if (!Number.isNaN(plain)) return plain;
  const parts = withUnit.exec(text);
  if (!parts) return Number.NaN;
  const own = lengthUnitNamed(parts[2] as string);
  return own === undefined ? "unit" : metresIn(parts[1] as string, own, comma);
};

/** An energy in watt-hours. A unit in the cell counts before the column's. */
export const readEnergy = (text: string, unit: EnergyUnit, comma: boolean): Quantity => {
  const plain = scaled(text, unit === "wh" ? 0 : 3, comma);
  if (!Number.isNaN(plain)) return plain;
  const parts = withUnit.exec(text);
  if (!parts) return Number.NaN;
  const own = energyUnits[(parts[2] as string).toLowerCase()];
  return own === undefined ? "unit" : scaled(parts[1] as string, own === "wh" ? 0 : 3, comma);
};

/** The unit that a plain header names for a length, or null: the last of its words that is one. */
export const lengthUnitOf = (header: string): LengthUnit | null => {
  const words = header.split("_").reverse();
  const unit = words.map(lengthUnitNamed).find((found) => found !== undefined);
  return unit ?? (/公里|千米/.test(header) ? "km" : null);
};

/** Metres per hour in one unit of a speed, by the words that end a header or follow a number. */
export const speedUnitOf = (name: string): number | null => {
  if (/(^|_)(ms|m_s|mps|met(er|re)s_second|met(er|re)s_per_second|m_giay)$/.test(name)) return 3_600;
  if (/(^|_)(mph|mi_h|miles_per_hour)$/.test(name)) return 1_609.344;
  if (/(^|_)(kn|kt|kts|knots?)$/.test(name)) return 1_852;
  return /(^|_)(km_h|kmh|kph|km_gio)$/.test(name) ? 1_000 : null;
};

/** A speed in metres per hour; a unit in the cell counts before the column's. NaN when it is none. */
export const readSpeed = (text: string, unit: number, comma: boolean): number => {
  const plain = scaled(text, 3, comma);
  if (!Number.isNaN(plain)) return (plain * unit) / 1_000;
  const parts = /^([\s+\d.,-]*\d)\s*([\p{L}/.]+)\s*$/u.exec(text);
  const own = speedUnitOf((parts?.[2] ?? "").toLowerCase().replace(/[^\p{L}]+/gu, "_"));
  return parts && own !== null ? (scaled(parts[1] as string, 3, comma) * own) / 1_000 : Number.NaN;
};

export const energyUnitOf = (header: string): EnergyUnit | null => {
  if (/(^|_)kwh($|_)/.test(header)) return "kwh";
  return /(^|_)wh($|_)/.test(header) ? "wh" : null;
};

/** How a consumption's header counts: energy over distance, or distance over energy. */
export type ConsumptionUnit =
  | "kwh_100km"
  | "kwh_km"
  | "kwh_mi"
  | "wh_km"
  | "wh_mi"
  | "km_kwh"
  | "mi_kwh"
  | "kwh_100mi";

export const consumptionUnitOf = (header: string): ConsumptionUnit => {
  if (/(^|_)km_(per_)?kwh/.test(header)) return "km_kwh";
  if (/(^|_)mi(les)?_(per_)?kwh/.test(header)) return "mi_kwh";
  if (/wh_(per_)?100_?mi/.test(header)) return "kwh_100mi";
  if (/(^|_)kwh_(per_)?km/.test(header)) return "kwh_km";
  if (/(^|_)kwh_(per_)?mi/.test(header)) return "kwh_mi";
  if (/(^|_)wh_(per_)?km/.test(header)) return "wh_km";
  return /(^|_)wh_(per_)?mi/.test(header) ? "wh_mi" : "kwh_100km";
};

const mile_m = 1609.344;

/** Watt-hours that a consumption of thousandths (kWh/100 km and others) means over a distance. */
export const energyOver = (thousandths: number, unit: ConsumptionUnit, distance_m: number): number => {
  const value = thousandths / 1000;
  switch (unit) {
    case "kwh_100km":
      return Math.round((thousandths * distance_m) / 100_000);
    case "kwh_km":
      return Math.round(value * distance_m);
    case "kwh_mi":
      return Math.round((thousandths * distance_m) / mile_m);
    case "kwh_100mi":
      return Math.round((value * 1000 * distance_m) / (100 * mile_m));
    case "wh_km":
      return Math.round((value * distance_m) / 1000);
    case "wh_mi":
      return Math.round((value * distance_m) / mile_m);
    case "km_kwh":
      return value > 0 ? Math.round(distance_m / value) : Number.NaN;
    case "mi_kwh":
      return value > 0 ? Math.round((distance_m / mile_m / value) * 1000) : Number.NaN;
  }
};
