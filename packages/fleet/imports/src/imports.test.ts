import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { workbookOf } from "@evx/formats/testing";
import { type Id, newId } from "@evx/kernel";
import { refusalCode, sharedData } from "@evx/kernel/testing";
import { testContext } from "@evx/rpc/testing";
import { claimTrips } from "@evx/trips";
import { expectTotalsMatch } from "@evx/trips/testing";
import { importing, importsOf, vehiclesOf } from "./importing.testing.ts";
import { counts, fileOf, streamOf } from "./testing.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());

const data = sharedData("trips");
const { upload, aCar } = importing(t);

describe("small files are answered at once", () => {
  for (const file of ["seed-sample-trips.csv", "seed-sample-trips-energy.csv"]) {
    test.skipIf(!existsSync(`${data}/${file}`))(
      `${file}: both rows imported and flagged; again: both are duplicates`,
      async () => {
        const { owner, car } = await aCar();
        const content = await Bun.file(`${data}/${file}`).bytes();
        const first = await upload(owner, car.id, content);
        expect(first).toMatchObject({
          status: "done",
          format: "evx",
          imported: 2,
          duplicates: 0,
          flagged: 2,
          rejected: [],
          rowsRead: 2,
          rowsTotal: 2,
        });
        const second = await upload(owner, car.id, content);
        expect(counts(second)).toEqual([0, 2, 0, 0]);
        const savings = await vehiclesOf(testContext(t, owner)).co2Savings({ id: car.id, period: "day" });
        expect(savings).toMatchObject({
          totalDistanceKm: 40,
          totalCo2SavedKg: 4,
          credits: "0.004000",
          totalTrips: 2,
        });
        expect(savings.series.map((day) => [day.period, day.distanceKm, day.co2SavedKg])).toEqual([
          ["2023-01-05", 15, 1.5],
          // 18:00 UTC is the next morning in Vietnam.
          ["2023-01-11", 25, 2.5],
        ]);
        await expectTotalsMatch(t.db);
      },
    );
  }

  test.skipIf(!existsSync(`${data}/spritmonitor_vw_egolf.csv`))(
    "the e-Golf log: 3,345 rows accounted for, twice the same",
    async () => {
      const { owner, car } = await aCar({
        year: 2014,
        make: "Volkswagen",
        model: "e-Golf",
        countryCode: "DE",
      });
      const content = await Bun.file(`${data}/spritmonitor_vw_egolf.csv`).bytes();
      const first = await upload(owner, car.id, content);
      expect([first.imported, first.duplicates, first.rejectedCount, first.rowsRead]).toEqual([
        3_343, 1, 1, 3_345,
      ]);
      expect(first.rejected.map(({ row, field, reason }) => [row, field, reason])).toEqual([
        [926, "distance", "There is no distance."],
      ]);
      const again = await upload(owner, car.id, content);
      expect([again.imported, again.duplicates, again.rejectedCount]).toEqual([0, 3_344, 1]);
      // The same log in the order of time, and only its second half: nothing is new either.
      const lines = new TextDecoder().decode(content).trimEnd().split("\n");
      const turned = [lines[0], ...lines.slice(1_500).reverse()].join("\n");
      expect((await upload(owner, car.id, turned)).imported).toBe(0);
      await expectTotalsMatch(t.db);
    },
  );

  test.skipIf(!existsSync(`${data}/rsk_twizy`))(
    "Twizy files: one trip each, with a track for the map",
    async () => {
      const { owner, car } = await aCar({
        make: "Renault",
        model: "Twizy",
        class: "quadricycle",
        batteryKwh: 6.1,
        countryCode: "MA",
        year: 2012,
      });
      for (const file of new Bun.Glob("*.csv").scanSync(`${data}/rsk_twizy`)) {
        const lines = (await Bun.file(`${data}/rsk_twizy/${file}`).text()).split("\n");
        const answer = await upload(owner, car.id, lines.slice(0, 5_000).join("\n"));
        expect([file, answer.imported, answer.format]).toEqual([file, 1, "logger"]);
      }
      const { items } = await vehiclesOf(testContext(t, owner)).trips({ id: car.id });
      const detail = await vehiclesOf(testContext(t, owner)).trip({
        id: car.id,
        tripId: items[0]?.id as Id<"trip">,
      });
      expect(detail.track.length).toBeGreaterThan(20);
      expect(
        detail.track.every((point) => Math.abs(point.lat - 33.98) < 0.2 && Math.abs(point.lon + 6.8) < 0.3),
      ).toBe(true);
      expect(detail.energyKwh).toBeGreaterThan(0.5);
    },
  );

  test("broken rows are named by row, field and reason in the reader's language; good ones are kept", async () => {
    const { owner, car } = await aCar();
    const content = `${fileOf(2)}2020-02-01T08:00:00Z,2020-02-01T07:00:00Z,10,2\n2020-02-02T08:00:00Z,2020-02-02T08:05:00Z,100,2\n2031-01-01T08:00:00Z,2031-01-01T09:00:00Z,10,2\nx,y\n`;
    const answer = await vehiclesOf(testContext(t, owner, { locale: "vi" })).importTrips({
      id: car.id,
      content: streamOf(content),
    });
    expect(answer.imported).toBe(2);
    expect(answer.rejected.map(({ row, field, code }) => [row, field, code])).toEqual([
      [4, "end", "end_before_start"],
      [5, "distance", "speed_impossible"],
      [6, "end", "in_future"],
      [7, "start", "start_unreadable"],
    ]);
    expect(answer.rejected[0]?.reason).toBe("Chuyến đi kết thúc trước khi bắt đầu.");
    expect(
      (await importsOf(testContext(t, owner)).rejections({ id: answer.importId, limit: 2 })).items.length,
    ).toBe(2);
    const report = await importsOf(testContext(t, owner)).report({ id: answer.importId });
    const text = await new Response(report.content as never).text();
    expect(text.split("\n").length).toBe(6);
    expect(text).toContain('5,distance,speed_impossible,"It would need 1,000 km/h on average."');
  });

  test("the same trip from two sources is one trip; neighbours that touch are trimmed and flagged; other overlaps are refused", async () => {
    const { owner, car } = await aCar();
    await upload(
      owner,
      car.id,
      "start,end,km\n2026-01-02T08:00:00Z,2026-01-02T08:30:00Z,20\n2026-01-02T09:00:00Z,2026-01-02T09:30:00Z,15\n",
    );
    const other = await upload(
      owner,
      car.id,
      "id,start_date,end_date,start_km,end_km,distance,duration_min\n1,2026-01-02 08:00:41,2026-01-02 08:29:12,1000,1019.6,19.6,29\n2,2026-01-02 08:29:30,2026-01-02 08:50:00,1019.6,1029.6,10,21\n3,2026-01-02 09:10:00,2026-01-02 10:30:00,1030,1090,60,80\n",
    );
    expect(other).toMatchObject({ format: "teslamate", imported: 1, duplicates: 1 });
    expect(other.rejected.map(({ row, code, reason }) => [row, code, reason])).toEqual([
      [4, "overlaps_trip", "It overlaps a trip that is already recorded (2026-01-02 09:00)."],
    ]);
    const { items } = await vehiclesOf(testContext(t, owner)).trips({ id: car.id, order: "oldest" });
    expect(
      items.map((trip) => [
        trip.startTime.slice(11, 19),
        trip.distanceKm,
        trip.flags.map((flag) => flag.code),
      ]),
    ).toEqual([
      ["08:00:00", 20, []],
      ["08:30:00", 10, ["overlap_trimmed"]],
      ["09:00:00", 15, []],
    ]);
    await expectTotalsMatch(t.db);
  });

  test("a day has trips or a day's record, never both", async () => {
    const { owner, car } = await aCar();
    await upload(owner, car.id, "date,km\n2026-01-02,80\n2026-01-02,20\n2026-01-02,20\n", { zone: "UTC" });
    const trips = await upload(
      owner,
      car.id,
      "start,end,km\n2026-01-02T08:00:00Z,2026-01-02T08:30:00Z,20\n2026-01-03T08:00:00Z,2026-01-03T08:30:00Z,20\n",
    );
    expect([trips.imported, trips.rejected[0]?.code]).toEqual([1, "day_recorded"]);
    const days = await upload(
      owner,
      car.id,
      "date,km\n2026-01-03,80\n2026-01-02,33\n2026-01-02,80\n2026-01-02,20\n",
      {
        zone: "UTC",
      },
    );
    expect([days.imported, days.duplicates, days.rejected[0]?.code]).toEqual([1, 2, "day_has_trips"]);
    const claimed = await t.transact((tx) =>
      claimTrips(tx, { requestId: newId("request"), vehicleId: car.id, ownerId: owner.id }),
    );
    expect([claimed.tripCount, claimed.distance_m]).toEqual([4, 153_000]);
    await expectTotalsMatch(t.db);
  });

  test("a workbook's sheet of trips is found behind its cover, in the preview as in the import", async () => {
    const { owner, car } = await aCar();
    const content = workbookOf([
      [
        ["My trips", "2026"],
        ["Total", "1"],
      ],
      [
        ["start", "end", "km"],
        ["2026-01-02 08:00", "2026-01-02 08:30", "12"],
      ],
    ]);
    const preview = await vehiclesOf(testContext(t, owner)).preview({
      id: car.id,
      content: streamOf(content),
      zone: "UTC",
    });
    expect(preview.rows.map(({ distanceKm }) => distanceKm)).toEqual([12]);
    expect((await upload(owner, car.id, content, { zone: "UTC" })).imported).toBe(1);
  });

  test("files that hold no trips, and another's vehicle, are refused with nothing recorded", async () => {
    const { owner, car } = await aCar();
    expect(await refusalCode(upload(owner, car.id, ""))).toBe("import_empty");
    expect(await refusalCode(upload(owner, car.id, "start,end,km\n"))).toBe("import_no_rows");
    expect(await refusalCode(upload(owner, car.id, Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0])))).toBe(
      "import_archive_broken",
    );
    expect(await refusalCode(upload(await aUser(t), car.id, fileOf(2)))).toBe("vehicle_not_found");
    expect((await vehiclesOf(testContext(t, owner)).imports({ id: car.id })).items).toEqual([]);
  });

  test("a table of sixty thousand columns is refused by its columns, not shown", async () => {
    const { owner, car } = await aCar();
    const shown = vehiclesOf(testContext(t, owner)).preview({
      id: car.id,
      content: streamOf(",".repeat(70_000)),
    });
    expect(await refusalCode(shown)).toBe("import_columns_too_many");
  });

  test("two uploads of the same file at once: each trip once", async () => {
    const { owner, car } = await aCar();
    const answers = await Promise.all([
      upload(owner, car.id, fileOf(500)),
      upload(owner, car.id, fileOf(500)),
      upload(owner, car.id, fileOf(500)),
    ]);
    expect(answers.reduce((sum, answer) => sum + answer.imported, 0)).toBe(500);
    expect(answers.reduce((sum, answer) => sum + answer.duplicates, 0)).toBe(1_000);
    await expectTotalsMatch(t.db);
  });

  test("a column that counts up is shown with its question, so that it can be called the odometer", async () => {
    const { owner, car } = await aCar();
    const rows = Array.from(
      { length: 12 },
      (_, n) => `2025-03-${String(n + 1).padStart(2, "0")},${21_000 + n * 31}`,
    );
    const content = `date,km\n${rows.join("\n")}\n`;
    expect(await refusalCode(upload(owner, car.id, content))).toBe("import_distance_counts_up");
    const shown = await vehiclesOf(testContext(t, owner)).preview({ id: car.id, content: streamOf(content) });
    expect([shown.format, shown.header, shown.notes.map(({ code }) => code)]).toEqual([
      null,
      ["date", "km"],
      ["import_distance_counts_up"],
    ]);
    const said = await upload(owner, car.id, content, { mapping: { odometer: "km" } });
    expect([said.imported, said.rejectedCount]).toEqual([11, 0]);
  });

  test("what the owner chose for such a file is remembered for the next one", async () => {
    const { owner, car } = await aCar();
    const content = "Von,Bis,Weg\n05/03/2026 08:00,05/03/2026 08:30,12\n".replaceAll("2026", "2025");
    expect(await refusalCode(upload(owner, car.id, content))).toBe("import_format_unknown");
    const unknown = await vehiclesOf(testContext(t, owner)).preview({
      id: car.id,
      content: streamOf(content),
    });
    expect(unknown).toMatchObject({ format: null, header: ["Von", "Bis", "Weg"], rows: [] });
    const choices = {
      mapping: { start: "Von", end: "Bis", distance: "Weg" },
      zone: "UTC",
      dateOrder: "mdy" as const,
      distanceUnit: "mi" as const,
    };
    const preview = await vehiclesOf(testContext(t, owner)).preview({
      id: car.id,
      content: streamOf(content),
      ...choices,
    });
    expect(preview).toMatchObject({
      format: "evx",
      columns: { start: "Von", end: "Bis", distance: "Weg" },
      zone: "UTC",
      dateOrder: "mdy",
      rowsRead: 1,
    });
    expect(preview.rows[0]).toMatchObject({ startTime: "2025-05-03T08:00:00.000Z", distanceKm: 19.312 });
    await vehiclesOf(testContext(t, owner)).rememberChoices({
      id: car.id,
      header: preview.header,
      ...choices,
    });
    expect(await upload(owner, car.id, content)).toMatchObject({ imported: 1, zone: "UTC" });
    expect((await vehiclesOf(testContext(t, owner)).trips({ id: car.id })).items[0]).toMatchObject({
      startTime: "2025-05-03T08:00:00.000Z",
      distanceKm: 19.312,
    });
  });
});

describe("reading trips", () => {
  test("pages by start, both ways, with filters; exports the same as CSV", async () => {
    const { owner, car } = await aCar();
    await upload(owner, car.id, fileOf(250, { everyMinutes: 720 }));
    const caller = vehiclesOf(testContext(t, owner));
    for (const order of ["newest", "oldest"] as const) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await caller.trips({ id: car.id, limit: 60, order, ...(cursor ? { cursor } : {}) });
        seen.push(...page.items.map((trip) => trip.startTime));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect(seen.length).toBe(250);
      expect(new Set(seen).size).toBe(250);
      expect([...seen].sort()).toEqual(order === "oldest" ? seen : [...seen].reverse());
    }
    const january = await caller.trips({
      id: car.id,
      from: "2020-01-10T00:00:00Z",
      to: "2020-01-12T00:00:00Z",
    });
    expect(january.items.length).toBe(4);
    expect((await caller.trips({ id: car.id, flagged: true })).items).toEqual([]);
    expect((await caller.trips({ id: car.id, status: "claimed" })).items).toEqual([]);
    const csv = await caller.tripsCsv({ id: car.id });
    expect((await new Response(csv.content as never).text()).trimEnd().split("\r\n").length).toBe(251);
    const months = await caller.co2SavingsCsv({ id: car.id, period: "month" });
    expect(await new Response(months.content as never).text()).toContain("2020-01,62,");
    const years = await caller.co2Savings({ id: car.id, period: "year" });
    expect(years.series.map((year) => [year.period, year.trips])).toEqual([["2020", 250]]);
    expect(await refusalCode(vehiclesOf(testContext(t, await aUser(t))).trips({ id: car.id }))).toBe(
      "vehicle_not_found",
    );
  });
});
