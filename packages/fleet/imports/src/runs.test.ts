import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { drain, jobContext, silentLog, tick } from "@evx/jobs/testing";
import { startWorker } from "@evx/jobs/worker";
import { type Id, minute_ms, newId, systemClock } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { testContext } from "@evx/rpc/testing";
import { claimTrips } from "@evx/trips";
import { expectTotalsMatch } from "@evx/trips/testing";
import { importing, importsOf, vehiclesOf } from "./importing.testing.ts";
import { importFile, importJobs } from "./jobs.ts";
import { endAbandonedImports, runImport } from "./runs.ts";
import { counts, fileOf, streamOf } from "./testing.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());

const { upload, aCar } = importing(t);

describe("large files go on by themselves", () => {
  test("over 5,000 rows answers 202, a job records them, progress is seen, and doing it twice adds nothing", async () => {
    const { owner, car } = await aCar();
    const context = testContext(t, owner);
    const content = `${fileOf(12_000)}broken\n`;
    const answer = await vehiclesOf(context).importTrips({
      id: car.id,
      content: streamOf(content),
      fileName: "big.csv",
    });
    expect(context.answer.status).toBe(202);
    expect(answer).toMatchObject({ status: "queued", imported: 0, rowsTotal: 12_002 });
    await drain(t, importJobs, { twice: true });
    const done = await importsOf(testContext(t, owner)).byId({ id: answer.importId });
    expect(done).toMatchObject({
      status: "done",
      imported: 12_000,
      duplicates: 0,
      rejectedCount: 1,
      rowsRead: 12_001,
      rowsTotal: 12_001,
    });
    expect(done.rejected[0]).toMatchObject({ row: 12_002, code: "start_unreadable" });
    expect(await t.db.selectFrom("vehicles.import_chunk").selectAll().execute()).toEqual([]);
    const again = await upload(owner, car.id, content);
    await drain(t, importJobs);
    expect(counts(await importsOf(testContext(t, owner)).byId({ id: again.importId }))).toEqual([
      0, 12_000, 0, 1,
    ]);
    await expectTotalsMatch(t.db);
  });

  test("of somebody who was suspended while they wait record nothing", async () => {
    const { owner, car } = await aCar();
    const { importId } = await upload(owner, car.id, fileOf(6_000));
    await t.admin
      .updateTable("identity.user")
      .set({ suspended_at: t.clock.now(), suspension_reason: "test" })
      .where("id", "=", owner.id)
      .execute();
    await drain(t, importJobs);
    expect(await importsOf(testContext(t, owner)).byId({ id: importId })).toMatchObject({
      status: "failed",
      imported: 0,
    });
  });

  test("twenty of one person's wait and no more, which would fill a disk; another's are taken, and theirs when they are read", async () => {
    const [one, other] = [await aCar(), await aCar()];
    const content = fileOf(5_001);
    for (let at = 0; at < 20; at++)
      expect((await upload(one.owner, one.car.id, content)).status).toBe("queued");
    expect(await refusalCode(upload(one.owner, one.car.id, content))).toBe("import_many_wait");
    expect((await upload(other.owner, other.car.id, content)).status).toBe("queued");
    await drain(t, importJobs);
    expect((await upload(one.owner, one.car.id, content)).status).toBe("queued");
  });

  test("a job that dies anywhere goes on where it was: every trip once, every broken row once", async () => {
    const { owner, car } = await aCar();
    const lines = fileOf(6_000).trimEnd().split("\n");
    for (let n = 10; n < lines.length; n += 100) lines[n] = `broken ${n}`;
    const { importId } = await upload(owner, car.id, lines.join("\n"));
    let left = 2;
    for (let attempt = 0; attempt < 40; attempt++) {
      const job = jobContext(t);
      let transactions = 0;
      const dying = {
        ...job,
        transact: (work: Parameters<typeof job.transact>[0]) => {
          if (++transactions > left) throw new Error("killed");
          return job.transact(work);
        },
      } as typeof job;
      left = 2 + (attempt % 3);
      const died = await runImport(dying, importId, 700).then(
        () => false,
        () => true,
      );
      if (!died) break;
    }
    const done = await importsOf(testContext(t, owner)).byId({ id: importId });
    expect(done).toMatchObject({ status: "done", imported: 5_940, duplicates: 0, rejectedCount: 60 });
    expect(new Set(done.rejected.map((rejection) => rejection.row)).size).toBe(60);
    await expectTotalsMatch(t.db);
  });

  test("two workers on one import at once record each trip once", async () => {
    const { owner, car } = await aCar();
    const { importId } = await upload(owner, car.id, fileOf(8_000));
    await Promise.all([runImport(jobContext(t), importId, 900), runImport(jobContext(t), importId, 900)]);
    expect(await importsOf(testContext(t, owner)).byId({ id: importId })).toMatchObject({
      status: "done",
      imported: 8_000,
      duplicates: 0,
    });
    await expectTotalsMatch(t.db);
  });

  test("rows in any order, each twice: half are new, half are duplicates", async () => {
    const { owner, car } = await aCar();
    const [header, ...rows] = fileOf(4_000).trimEnd().split("\n");
    const shuffled = [...rows, ...rows]
      .map((row, n) => ({ row, key: Math.sin(n * 7.13) }))
      .sort((a, b) => a.key - b.key)
      .map(({ row }) => row);
    const { importId } = await upload(owner, car.id, [header, ...shuffled].join("\n"));
    await runImport(jobContext(t), importId, 1_000);
    expect(counts(await importsOf(testContext(t, owner)).byId({ id: importId })).slice(0, 2)).toEqual([
      4_000, 4_000,
    ]);
    await expectTotalsMatch(t.db);
  });

  test("cancelling stops a job between two stretches; undoing takes back what it recorded", async () => {
    const { owner, car } = await aCar();
    const { importId } = await upload(owner, car.id, fileOf(20_000));
    const imports = importsOf(testContext(t, owner));
    const job = jobContext(t);
    let transactions = 0;
    const cancelling = {
      ...job,
      transact: async (work: Parameters<typeof job.transact>[0]) => {
        if (++transactions === 5) await imports.cancel({ id: importId });
        return job.transact(work);
      },
    } as typeof job;
    expect(await refusalCode(imports.undo({ id: importId }))).toBe("import_still_running");
    await runImport(cancelling, importId, 1_000);
    const stopped = await imports.byId({ id: importId });
    expect(stopped.status).toBe("cancelled");
    expect(stopped.imported).toBeGreaterThan(0);
    expect(stopped.imported).toBeLessThan(20_000);
    await imports.undo({ id: importId });
    expect((await imports.undo({ id: importId })).status).toBe("undone");
    expect((await vehiclesOf(testContext(t, owner)).byId({ id: car.id })).tripCount).toBe(0);
    expect(await refusalCode(imports.cancel({ id: importId }))).toBe("import_already_ended");
    await expectTotalsMatch(t.db);
  });

  test("an import of which a request holds trips cannot be undone", async () => {
    const { owner, car } = await aCar();
    const { importId } = await upload(owner, car.id, fileOf(10));
    await t.transact((tx) =>
      claimTrips(tx, {
        requestId: newId("request"),
        vehicleId: car.id,
        ownerId: owner.id,
        to: new Date("2020-01-01T03:00:00Z"),
      }),
    );
    expect(await refusalCode(importsOf(testContext(t, owner)).undo({ id: importId }))).toBe(
      "import_has_claims",
    );
    expect(await refusalCode(importsOf(testContext(t, await aUser(t))).byId({ id: importId }))).toBe(
      "import_not_found",
    );
  });

  test("a file over the limit is refused while it arrives, and what was stored goes away", async () => {
    const { owner, car } = await aCar();
    const line = new TextEncoder().encode(fileOf(20_000, { header: false }));
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) =>
        controller.enqueue(new TextEncoder().encode("start_time,end_time,distance_km,energy_consumed\n")),
      pull: (controller) => {
        sent += line.length;
        if (sent > 600 * 1024 * 1024) return controller.close();
        controller.enqueue(line);
      },
    });
    expect(
      await refusalCode(vehiclesOf(testContext(t, owner)).importTrips({ id: car.id, content: endless })),
    ).toBe("import_too_large");
    const [last] = (await vehiclesOf(testContext(t, owner)).imports({ id: car.id })).items;
    expect(last).toMatchObject({ status: "failed", failure: { code: "import_too_large" } });
    expect(
      await t.db
        .selectFrom("vehicles.import_chunk")
        .select("seq")
        .where("import_id", "=", last?.importId as Id<"import">)
        .execute(),
    ).toEqual([]);
  }, 60_000);

  test("an upload whose sender went away fails, and one whose server died is ended within the hour", async () => {
    const { owner, car } = await aCar();
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(fileOf(6_000))),
      pull: (controller) => controller.error(new Error("connection reset")),
    });
    expect(
      await refusalCode(vehiclesOf(testContext(t, owner)).importTrips({ id: car.id, content: broken })),
    ).toBe("import_interrupted");
    const { importId } = await upload(owner, car.id, fileOf(6_000));
    await t.admin
      .updateTable("vehicles.import")
      .set({ status: "receiving", created_at: new Date("2026-02-28T20:00:00Z") })
      .where("id", "=", importId)
      .execute();
    await endAbandonedImports(jobContext(t));
    expect(await importsOf(testContext(t, owner)).byId({ id: importId })).toMatchObject({
      status: "failed",
      failure: { code: "import_interrupted" },
    });
  });
});

test("an import whose job was lost is queued again once, by two sweeps at once, too, and ends once", async () => {
  const { owner, car } = await aCar();
  const { importId } = await upload(owner, car.id, fileOf(6_000));
  const status = async () => (await importsOf(testContext(t, owner)).byId({ id: importId })).status;
  const sweep = () => tick(t, importJobs, "vehicles.queue_forgotten_imports");
  // Its job waits, so there is nothing to do, however old it is.
  t.clock.advance(6 * minute_ms);
  const jobsOfIt = () =>
    t.db
      .selectFrom("jobs.outbox")
      .select("name")
      .where(sql<string>`payload ->> 'importId'`, "=", importId)
      .execute();
  await sweep();
  expect(await jobsOfIt()).toEqual([{ name: importFile.name }]);
  for (const lost of ["queued", "running"] as const) {
    await t.admin.deleteFrom("jobs.outbox").execute();
    await t.admin.updateTable("vehicles.import").set({ status: lost }).where("id", "=", importId).execute();
    await Promise.all([sweep(), sweep()]);
    expect(await jobsOfIt()).toEqual([{ name: importFile.name }]);
  }
  await drain(t, importJobs);
  expect(await status()).toBe("done");
  await Promise.all([sweep(), sweep()]);
  expect((await drain(t, importJobs)).filter(({ queue }) => queue === importFile.name)).toEqual([]);
});

test("a file that turns out to have no rows fails with its reason, which the owner reads", async () => {
  const { owner, car } = await aCar();
  const { importId } = await upload(owner, car.id, fileOf(6_000));
  const header = "start_time,end_time,distance_km,energy_consumed\n";
  await t.admin
    .updateTable("vehicles.import_chunk")
    .set({ content: Buffer.from(await Bun.zstdCompress(header)) })
    .where("import_id", "=", importId)
    .where("seq", "=", 0)
    .execute();
  await t.admin
    .deleteFrom("vehicles.import_chunk")
    .where("import_id", "=", importId)
    .where("seq", ">", 0)
    .execute();
  await runImport(jobContext(t), importId);
  expect(await importsOf(testContext(t, owner)).byId({ id: importId })).toMatchObject({
    status: "failed",
    failure: { code: "import_no_rows" },
  });
});

test("a second long import starts while the first one runs", async () => {
  const { owner, car } = await aCar();
  const handler = importJobs.find(({ queue }) => queue === importFile.name);
  if (!handler) throw new Error("Nobody handles imports");
  // What earlier tests left to do must not be taken for one of the two.
  await drain(t, importJobs);
  const started: Id<"import">[] = [];
  const second = Promise.withResolvers<void>();
  const worker = await startWorker({
    db: t.db,
    databaseUrl: t.url,
    clock: systemClock,
    log: silentLog,
    // The first import does not end before the second one has begun.
    handlers: [
      {
        ...handler,
        run: async (job, payload) => {
          started.push((payload as { importId: Id<"import"> }).importId);
          if (started.length === 2) second.resolve();
          await second.promise;
          await handler.run(job, payload);
        },
      },
    ],
  });
  try {
    const first = await upload(owner, car.id, fileOf(5_500));
    while (started.length === 0) await Bun.sleep(20);
    const later = await upload(owner, car.id, fileOf(5_500, { from: Date.UTC(2022, 0, 1) }));
    await Promise.race([second.promise, Bun.sleep(20_000)]);
    expect(started).toEqual([first.importId, later.importId]);
  } finally {
    second.resolve();
    await worker.stop();
  }
});
