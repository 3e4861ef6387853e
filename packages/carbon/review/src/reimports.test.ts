import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testPorts } from "@evx/certificates/testing";
import { testDatabase } from "@evx/db/testing";
import { zipOf } from "@evx/formats/testing";
import { aVehicle } from "@evx/garage/testing";
import { vehicleImportsRouter } from "@evx/imports/router";
import { day_ms, hour_ms, type Id, minute_ms, Refusal } from "@evx/kernel";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import fc from "@evx/tooling/properties";
import { reviewDetail } from "./reads.ts";
import { reviewing } from "./reviewing.testing.ts";
import { aRequest } from "./testing.ts";

// Generous, because tests share their machine.
setDefaultTimeout(240_000);

const t = await testDatabase();
const ports = await testPorts();
afterAll(() => t.close());
const { aReviewer, approve } = reviewing(t, ports);
const importing = createCallerFactory(vehicleImportsRouter);

type Drive = { start: number; end: number; km: number; kwh: number };

/** Sixty drives of no pattern. */
const drives = (seed: number): Drive[] => {
  let state = seed;
  const random = (most: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % most;
  };
  let at = Date.UTC(2025, 0, 1) + random(100_000) * minute_ms;
  return Array.from({ length: 60 }, () => {
    at += (120 + random(900)) * minute_ms;
    const minutes = 12 + random(40);
    const km = Math.round((minutes * (30 + random(40))) / 0.6) / 100;
    return { start: at, end: at + minutes * minute_ms, km, kwh: Math.round(km * 15 + random(60)) / 100 };
  });
};

const headers = {
  own: ["start_time", "end_time", "distance_km", "energy_kwh"],
  german: ["Startzeit", "Endzeit", "Strecke (km)", "Energie (kWh)"],
  polestar: ["Start Date", "End Date", "Distance in KM", "Consumption in Kwh"],
  byHand: ["A", "B", "C", "D"],
} as const;

type Change = {
  layout: keyof typeof headers;
  separator: "," | ";" | "\t";
  encoding: "utf8" | "bom" | "utf16le";
  unit: "km" | "mi" | "m";
  /** A zone of its own for each row, with a clock that is right there. */
  zoned: boolean;
  digits: "ours" | "arabic";
  zipped: boolean;
  comma: boolean;
  offset: number;
  days: number;
  scale: number;
  energy: boolean;
  from: number;
  turned: boolean;
  repeat: boolean;
};

const zonesOfRows = [
  ["UTC", 0],
  ["Asia/Tokyo", 9],
  ["+03:00", 3],
  ["420", 7],
] as const;

/** Metres with their thousands parted, as the separator of the cells leaves it. */
const grouped = (metres: number, separator: string): string =>
  String(metres).replace(/\B(?=(\d{3})+$)/g, separator === "," ? "." : ",");

const written = (trips: readonly Drive[], change: Change): { content: Uint8Array; more: object } => {
  const { layout, separator, unit, scale } = change;
  const names: string[] = [...headers[layout]];
  if (unit !== "km") names[2] = layout === "byHand" && unit === "mi" ? "C" : `Distance (${unit})`;
  if (change.zoned) names.push("Time zone");
  const shift = change.days * day_ms + change.offset * hour_ms;
  const number = (value: number) =>
    change.comma && separator !== "," ? value.toFixed(3).replace(".", ",") : value.toFixed(3);
  const rows = trips.slice(change.from).map(({ start, end, km, kwh }, n) => {
    const [zone, ahead] = zonesOfRows[
      change.zoned ? n % zonesOfRows.length : 0
    ] as (typeof zonesOfRows)[number];
    const moment = (at: number) =>
      new Date(at + shift + ahead * hour_ms).toISOString().slice(0, 19).replace("T", " ");
    const distance = (km * scale) / (unit === "mi" ? 1.609344 : 1);
    const long = unit === "m" ? grouped(Math.round(distance * 1_000), separator) : number(distance);
    const cells = [moment(start), moment(end), long, change.energy ? number(kwh * scale) : ""];
    return change.zoned ? [...cells, zone] : cells;
  });
  if (change.turned) rows.reverse();
  const ours = [names, ...rows].map((cells) => cells.join(separator)).join("\n");
  const arabic = (digit: string) => String.fromCharCode(0x660 + Number(digit));
  const text = change.digits === "ours" ? ours : ours.replace(/\d/g, arabic);
  const encoded = {
    utf8: () => Buffer.from(text),
    bom: () => Buffer.from(`\uFEFF${text}`),
    utf16le: () => Buffer.from(`\uFEFF${text}`, "utf16le"),
  }[change.encoding]();
  const mapping = { start: "A", end: "B", distance: names[2] as string, energy: "D" };
  const more = {
    ...(layout === "byHand" ? { mapping } : {}),
    ...(unit === "mi" ? { distanceUnit: "mi" } : {}),
    zone: "UTC",
    repeat: change.repeat,
  };
  return { content: change.zipped ? zipOf("trips.csv", new Uint8Array(encoded)) : encoded, more };
};

type Owner = Awaited<ReturnType<typeof aUser>>;

const upload = (owner: Owner, id: Id<"vehicle">, { content, more }: ReturnType<typeof written>) =>
  importing(testContext(t, owner)).importTrips({
    id,
    content: new Blob([content]).stream() as ReadableStream<Uint8Array>,
    fileName: "trips.csv",
    ...more,
  });

const asTheyAre: Change = {
  layout: "own",
  separator: ",",
  encoding: "utf8",
  unit: "km",
  zoned: false,
  digits: "ours",
  zipped: false,
  comma: false,
  offset: 0,
  days: 0,
  scale: 1,
  energy: true,
  from: 0,
  turned: false,
  repeat: false,
};

const changes = fc.record({
  layout: fc.constantFrom("own", "german", "polestar", "byHand"),
  separator: fc.constantFrom(",", ";", "\t"),
  encoding: fc.constantFrom("utf8", "bom", "utf16le"),
  unit: fc.constantFrom("km", "mi", "m"),
  zoned: fc.boolean(),
  digits: fc.constantFrom("ours", "ours", "arabic"),
  zipped: fc.boolean(),
  comma: fc.boolean(),
  offset: fc.constantFrom(0, 0, 1, -7, 7, 5.5),
  days: fc.constantFrom(0, 0, 0, 1, 30, 200),
  scale: fc.constantFrom(1, 1, 1, 0.9, 1.05),
  energy: fc.boolean(),
  from: fc.integer({ min: 0, max: 25 }),
  turned: fc.boolean(),
  repeat: fc.boolean(),
}) as fc.Arbitrary<Change>;

/** Whether a reviewer of a request is shown that its trips are elsewhere too, and cannot pass over it in silence. */
const isShown = async (requestId: Id<"request">): Promise<boolean> => {
  const reviewer = await aReviewer();
  const { twins, request } = await reviewDetail(t.db, reviewer, { id: requestId, locale: "en" });
  if (!twins.copied) return false;
  const codes = request.riskReasons.map(({ code }) => code);
  expect(codes.some((code) => code === "twins" || code === "order_copied")).toBe(true);
  await expect(approve(reviewer, requestId)).rejects.toMatchObject({ code: "request_twin_reason_needed" });
  return true;
};

let seed = 5_000;

test("whatever is done to a file, the same car earns nothing more from it, or the reviewers are shown why", async () => {
  await fc.assert(
    fc.asyncProperty(changes, async (change) => {
      seed += 11;
      const owner = await aUser(t);
      const car = await aVehicle(t, owner);
      const first = await upload(owner, car.id, written(drives(seed), asTheyAre));
      expect(first.imported).toBe(60);
      const again = await upload(owner, car.id, written(drives(seed), change)).catch((error: Error) => {
        if (!(error.cause instanceof Refusal)) throw error;
        return null;
      });
      if (again === null || again.imported === 0) return;
      const { request } = await aRequest(t, { owner, vehicleId: car.id });
      expect(await isShown(request.id)).toBe(true);
    }),
    { numRuns: 15 },
  );
});

test("whatever is done to it for another car, the reviewers of both are shown why", async () => {
  await fc.assert(
    fc.asyncProperty(changes, async (change) => {
      seed += 13;
      const [one, two] = [await aUser(t), await aUser(t)];
      const [mine, theirs] = [await aVehicle(t, one), await aVehicle(t, two)];
      await upload(one, mine.id, written(drives(seed), asTheyAre));
      const first = (await aRequest(t, { owner: one, vehicleId: mine.id })).request;
      await upload(two, theirs.id, written(drives(seed), change));
      const second = (await aRequest(t, { owner: two, vehicleId: theirs.id })).request;
      expect(await isShown(first.id)).toBe(true);
      expect(await isShown(second.id)).toBe(true);
    }),
    { numRuns: 15 },
  );
});
