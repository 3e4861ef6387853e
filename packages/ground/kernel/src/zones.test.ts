import { expect, spyOn, test } from "bun:test";
import * as v from "valibot";
import { zoneIn } from "./schema.ts";
import { todaysZone, todaysZones } from "./zones.ts";

/** As Chromium lists them: the names of 1993. */
const old =
  "Africa/Asmera America/Buenos_Aires America/Catamarca America/Coral_Harbour America/Cordoba America/Godthab America/Indianapolis America/Jujuy America/Louisville America/Mendoza Asia/Calcutta Asia/Katmandu Asia/Rangoon Asia/Saigon Atlantic/Faeroe Europe/Kiev Pacific/Enderbury Pacific/Ponape Pacific/Truk";

const clockIn = (timeZone: string, at: number) =>
  new Intl.DateTimeFormat("en", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(at);

test("each old name of a zone has today's, and both tell the same time in every year", () => {
  for (const name of old.split(" ")) {
    const today = todaysZone(name);
    expect(today).not.toBe(name);
    expect(Intl.supportedValuesOf("timeZone")).toContain(today);
    for (let year = 1950; year < 2040; year++)
      for (const month of [0, 6]) {
        const at = Date.UTC(year, month, 1, 12);
        expect([name, year, clockIn(today, at)]).toEqual([name, year, clockIn(name, at)]);
      }
  }
});

test("a list of zones has no old name where the machine has one, and none twice", () => {
  const known = Intl.supportedValuesOf("timeZone");
  const listed = spyOn(Intl, "supportedValuesOf").mockReturnValue([...known, ...old.split(" ")]);
  const zones = todaysZones();
  listed.mockRestore();
  expect(zones.filter((zone) => old.split(" ").includes(zone))).toEqual([]);
  expect(zones.length).toBe(new Set(zones).size);
  expect(zones).toContain("Asia/Ho_Chi_Minh");
  expect(zones[0]).toBe("UTC");
});

test("both names are taken, and today's is kept", () => {
  expect(v.parse(zoneIn, "Asia/Saigon")).toBe("Asia/Ho_Chi_Minh");
  expect(v.parse(zoneIn, "Asia/Ho_Chi_Minh")).toBe("Asia/Ho_Chi_Minh");
  expect(v.safeParse(zoneIn, "Asia/Atlantis").success).toBe(false);
});
