/**
 * Serial numbers name a run of grams of one batch, both ends included:
 * EVX-{country}-{method}-{vintage year}-{batch}-{first gram}-{last gram}, quantity = last − first + 1.
 */

/** What of a batch its serial numbers say. */
export type SerialBatch = {
  readonly number: bigint;
  readonly countryCode: string;
  readonly methodCode: string;
  readonly vintageYear: number;
};

/** A batch's number as serial numbers and screens write it: at least six digits. */
export const batchNumber = (number: bigint): string => number.toString().padStart(6, "0");

/** The serial number of a batch's grams from the first to the last, both included. */
export const serialOf = (batch: SerialBatch, first_g: bigint, last_g: bigint): string =>
  `EVX-${batch.countryCode}-${batch.methodCode}-${batch.vintageYear}-${batchNumber(batch.number)}-${first_g}-${last_g}`;

export type Serial = SerialBatch & { readonly first_g: bigint; readonly last_g: bigint };

/** Reads a serial number; null for anything else, a run that ends before it starts included. */
export const parseSerial = (text: string): Serial | null => {
  const parts =
    /^EVX-([A-Z]{2})-([a-z0-9]+(?:-[a-z0-9]+)*)-(\d{4})-(\d{6,18})-([1-9]\d{0,17})-([1-9]\d{0,17})$/.exec(
      text.trim(),
    );
  if (!parts) return null;
  const [, countryCode, methodCode, vintage, number, first, last] = parts as unknown as string[];
  const serial = {
    countryCode: countryCode as string,
    methodCode: methodCode as string,
    vintageYear: Number(vintage),
    number: BigInt(number as string),
    first_g: BigInt(first as string),
    last_g: BigInt(last as string),
  };
  return serial.first_g <= serial.last_g ? serial : null;
};
