import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { sharedData } from "@evx/kernel/testing";
import { knownIdentifiers } from "./makers.ts";
import { checkDigitOf, hashOfVin, maskedVin, normalVin, readVin } from "./vin.ts";

const data = sharedData("");

describe("VIN", () => {
  test("is stored without what people type around it", () => {
    expect(normalVin(" 1m8-gdm9 axkp042788 ")).toBe("1M8GDM9AXKP042788");
  });

  test("a North American VIN with a wrong check digit is refused", () => {
    expect(readVin("1M8GDM9AXKP042788")).toMatchObject({ acceptable: true, finding: null });
    expect(readVin("1M8GDM9A1KP042788")).toMatchObject({
      acceptable: false,
      finding: "vin_check_digit",
      expectedCheckDigit: "X",
    });
  });

  test("a Chinese VIN must carry its check digit too", () => {
    const vin = "LRWYGCEK0NC000001";
    const right = vin.slice(0, 8) + checkDigitOf(vin) + vin.slice(9);
    expect(readVin(right)).toMatchObject({ acceptable: true, maker: "Tesla" });
    expect(readVin(right.replace(/.(?=.{8}$)/, right[8] === "1" ? "2" : "1")).acceptable).toBe(false);
  });

  test("a European VIN without a check digit is only worth a warning", () => {
    expect(readVin("WVWZZZ1JZXW000001")).toMatchObject({
      acceptable: true,
      finding: "vin_check_digit_unusual",
      maker: "Volkswagen",
    });
  });

  test("names VinFast and leaves makers it does not know open", () => {
    expect(readVin("RLLV5SMA0PH000123").maker).toBe("VinFast");
    expect(readVin("11111111111111111")).toMatchObject({ acceptable: true, maker: null });
  });

  test("one identifier names one maker, and all are well formed", () => {
    for (const [code] of knownIdentifiers()) expect(code).toMatch(/^[A-HJ-NPR-Z0-9]{3}$/);
  });

  test("the hash tells cars apart and the mask hides the serial", async () => {
    expect(await hashOfVin("1M8GDM9AXKP042788")).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOfVin("1M8GDM9AXKP042788")).not.toBe(await hashOfVin("5GZCZ43D13S812715"));
    expect(maskedVin("1M8GDM9AXKP042788")).toBe("1M8GDM9A*********");
  });

  const vectors = `${data}/vin/vin-vectors.json`;
  test.skipIf(!existsSync(vectors))(
    "agrees with the published vectors (needs ../../shared/data)",
    async () => {
      const { vectors: cases } = await Bun.file(vectors).json();
      for (const { vin, expected_check_digit, well_formed } of cases) {
        const report = readVin(vin);
        if (well_formed === false) expect(report.finding).toBe("vin_malformed");
        else expect(report.expectedCheckDigit).toBe(expected_check_digit);
      }
      expect(cases.length).toBeGreaterThan(5);
    },
  );

  const filed = `${data}/vin/wmi-nhtsa-vpic.csv`;
  test.skipIf(!existsSync(filed))(
    "agrees with what makers filed, where they filed (needs ../../shared/data)",
    async () => {
      const rows = (await Bun.file(filed).text()).split("\n").slice(1);
      const named = new Map(rows.map((row) => [row.slice(0, row.indexOf(",")), row.toLowerCase()]));
      const plain = (name: string) => name.toLowerCase().replace("škoda", "skoda").split(/[ -]/)[0] as string;
      const wrong = [...knownIdentifiers()].filter(
        ([code, maker]) => named.has(code) && !named.get(code)?.includes(plain(maker)),
      );
      expect(wrong).toEqual([]);
    },
  );
});
