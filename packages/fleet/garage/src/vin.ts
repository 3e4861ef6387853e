import { sha256Hex } from "@evx/kernel";
import { makerOfWmi } from "./makers.ts";

/** Weights of the 17 places in the check digit's sum, and the digit that each letter stands for (49 CFR 565.15). */
const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2] as const;
const letters = "ABCDEFGHJKLMNPRSTUVWXYZ";
const letterDigits = "12345678123457923456789";

/** Seventeen characters; I, O and Q are never used because they look like 1 and 0 (ISO 3779). */
const pattern = /^[A-HJ-NPR-Z0-9]{17}$/;

/** A VIN as it is stored: upper case, without the spaces and dashes that people type. */
export const normalVin = (text: string): string => text.toUpperCase().replace(/[\s\-.]/g, "");

const digitOf = (char: string): number => {
  const letter = letters.indexOf(char);
  return letter < 0 ? Number(char) : Number(letterDigits[letter]);
};

/** The check digit that a well-formed VIN should carry in its ninth place: "0" to "9" or "X". */
export const checkDigitOf = (vin: string): string => {
  let sum = 0;
  for (let place = 0; place < 17; place++) sum += digitOf(vin[place] as string) * (weights[place] as number);
  return sum % 11 === 10 ? "X" : String(sum % 11);
};

/**
 * Whether the region that assigned a VIN makes the check digit compulsory: North America (49 CFR 565) and
 * China (GB 16735). Elsewhere the ninth place is the maker's own, often a filler Z.
 */
const checkDigitIsCompulsory = (vin: string): boolean => /^[1-5L]/.test(vin);

export type VinFinding = "vin_malformed" | "vin_check_digit" | "vin_check_digit_unusual";

export type VinReport = {
  vin: string;
  /** Whether the VIN may be registered. */
  acceptable: boolean;
  finding: VinFinding | null;
  /** The maker that the first three characters name, when the bundled table knows them. */
  maker: string | null;
  expectedCheckDigit: string | null;
};

/**
 * Reads a VIN that a person typed.
 * A wrong check digit refuses the VIN where its region requires the digit, and is only a warning elsewhere.
 */
export const readVin = (text: string): VinReport => {
  const vin = normalVin(text);
  if (!pattern.test(vin)) {
    return { vin, acceptable: false, finding: "vin_malformed", maker: null, expectedCheckDigit: null };
  }
  const expected = checkDigitOf(vin);
  const right = vin[8] === expected;
  const compulsory = checkDigitIsCompulsory(vin);
  return {
    vin,
    acceptable: right || !compulsory,
    finding: right ? null : compulsory ? "vin_check_digit" : "vin_check_digit_unusual",
    maker: makerOfWmi(vin.slice(0, 3)),
    expectedCheckDigit: expected,
  };
};

/** What identifies the physical car in every table: SHA-256 of the VIN, as hex. */
export const hashOfVin = (vin: string): Promise<string> => sha256Hex(`vin:${vin}`);

/** A VIN with its serial part hidden, for people who may know the class of car but not the car: "5YJ3E1EA*********". */
export const maskedVin = (vin: string): string => `${vin.slice(0, 8)}*********`;
