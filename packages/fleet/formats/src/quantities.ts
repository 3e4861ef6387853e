import { metresFromMicroMiles, scaled } from "./numbers.ts";

/** Units of lengths: how a written number of them becomes whole metres. */
export type LengthUnit = "km" | "mi" | "m";
export type EnergyUnit = "kwh" | "wh";

const lengthUnits: Readonly<Record<string, LengthUnit>> = {
  ...{
    km: "km",
    kms: "km",
    kilometer: "km",
    kilometers: "km",
    kilometre: "km",
    kilometres: "km",
    "ki-lô-mét": "km",
    cây: "km",
    公里: "km",
    千米: "km",
  },
  ...{
    mi: "mi",
    mile: "mi",
    miles: "mi",
    dặm: "mi",
    m: "m",
    meter: "m",
    meters: "m",
    metre: "m",
    metres: "m",
    mét: "m",
  },
};
const energyUnits: Readonly<Record<string, EnergyUnit>> = {
  kwh: "kwh",
  wh: "wh",
  度: "kwh",
  số: "kwh",
  kw·h: "kwh",
  w·h: "wh",
};

/** A number with its unit behind it ("12.5 km", "2100Wh"), or null. */
const withUnit = /^\s*([+-]?[\d.,'’\u00a0\u202f ]*\d)\s*([\p{L}·-]+)\.?\s*$/u;

/** What a cell with letters holds: a value in our unit, `unit` when the unit is none we know, else NaN. */
export type Quantity = number | "unit";

const metresIn = (number: string, unit: LengthUnit, comma: boolean): number => {
  if (unit === "m") return scaled(number, 0, comma);
  return unit === "mi" ? metresFromMicroMiles(scaled(number, 6, comma)) : scaled(number, 3, comma);
};

/** A length in metres. A unit in the cell counts before the column's. */
export const readLength = (text: string, unit: LengthUnit, comma: boolean): Quantity => {
  const plain = metresIn(text, unit, comma);
  if (!Number.isNaN(plain)) return plain;
  const parts = withUnit.exec(text);
  if (!parts) return Number.NaN;
  const own = lengthUnits[(parts[2] as string).toLowerCase()];
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

/** The unit that a plain header names for a length, or null. */
export const lengthUnitOf = (header: string): LengthUnit | null => {
  if (/(^|_)(mi|miles|mile|dam)($|_)/.test(header)) return "mi";
  if (/(^|_)(km|kms|kilomet(er|re)s?)($|_)|公里|千米/.test(header)) return "km";
  return /(^|_)(m|met(er|re)s)$/.test(header) ? "m" : null;
};

export const energyUnitOf = (header: string): EnergyUnit | null => {
  if (/(^|_)kwh($|_)/.test(header)) return "kwh";
  return /(^|_)wh($|_)/.test(header) ? "wh" : null;
};

/** How a consumption's header counts: energy over distance, or distance over energy. */
export type ConsumptionUnit = "kwh_100km" | "wh_km" | "wh_mi" | "km_kwh" | "mi_kwh" | "kwh_100mi";

export const consumptionUnitOf = (header: string): ConsumptionUnit => {
  if (/(^|_)km_(per_)?kwh/.test(header)) return "km_kwh";
  if (/(^|_)mi(les)?_(per_)?kwh/.test(header)) return "mi_kwh";
  if (/wh_(per_)?100_?mi/.test(header)) return "kwh_100mi";
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
