import { describe, expect, test } from "bun:test";
import fc from "@evx/tooling/properties";
import { bufferOf, foldWords } from "./policy.ts";
import { parseSerial, serialOf } from "./serial.ts";

const batch = { number: 42n, countryCode: "VN", methodCode: "flat-v1", vintageYear: 2025 };

describe("serial numbers", () => {
  test("name country, method, vintage, batch and both ends of the run", () => {
    expect(serialOf(batch, 1n, 100_000n)).toBe("EVX-VN-flat-v1-2025-000042-1-100000");
  });

  test("are read back as they were written, whatever the batch", () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10n ** 12n),
        fc.constantFrom("VN", "NZ", "DE"),
        fc.constantFrom("flat-v1", "metered-v1", "metered-v12", "x"),
        fc.integer({ min: 1990, max: 2199 }),
        fc.bigInt(1n, 10n ** 15n),
        fc.bigInt(0n, 10n ** 12n),
        (number, countryCode, methodCode, vintageYear, first_g, more) => {
          const one = { number, countryCode, methodCode, vintageYear };
          const last_g = first_g + more;
          expect(parseSerial(serialOf(one, first_g, last_g))).toEqual({ ...one, first_g, last_g });
        },
      ),
    );
  });

  test("anything else is no serial number", () => {
    for (const text of [
      "",
      "EVX",
      "EVX-VN-flat-v1-2025-000042-1",
      "EVX-VN-flat-v1-2025-000042-0-5",
      "EVX-VN-flat-v1-2025-000042-6-5",
      "EVX-vn-flat-v1-2025-000042-1-5",
      "EVX-VN-flat-v1-25-000042-1-5",
      "EVX-VN-flat-v1-2025-42-1-5",
      "EVX-VN-flat-v1-2025-000042-1-5x",
      "EVX-VN-flat-v1-2025-000042-1-99999999999999999999",
    ]) {
      expect(parseSerial(text)).toBeNull();
    }
  });
});

describe("policy", () => {
  test("the buffer takes its share rounded half-even and always leaves the owner a gram", () => {
    expect(bufferOf(100_000n, 0)).toBe(0n);
    expect(bufferOf(100_000n, 250)).toBe(2_500n);
    expect(bufferOf(10n, 500)).toBe(0n);
    expect(bufferOf(30n, 500)).toBe(2n);
    expect(bufferOf(1n, 5_000)).toBe(0n);
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 12n), fc.integer({ min: 0, max: 5_000 }), (grams, share) => {
        const kept = bufferOf(grams, share);
        expect(kept >= 0n && kept < grams).toBe(true);
      }),
    );
  });

  test("words are found whatever their case and accents", () => {
    expect(foldWords("  Nguyễn  Thị Đào, VIỆT NAM ")).toBe("nguyen thi dao, viet nam");
  });
});
