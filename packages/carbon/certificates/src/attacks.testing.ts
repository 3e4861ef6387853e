/** A registry that somebody with all rights over the database attacks. */
import { expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { givenListed, givenSold } from "@evx/credits/testing";
import { sql } from "@evx/db";
import { strictly, type TestDatabase, testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { sequencePending } from "@evx/log";
import { closeDay } from "./books.ts";
import { certifyPurchase } from "./purchases.ts";
import { retireCredits } from "./retirements.ts";
import { revokeCertificate } from "./revocation.ts";
import { anIssuedBatch, testPorts } from "./testing.ts";
import { verifyAll } from "./verification.ts";

export const ports = await testPorts();

/** A registry in which something of each kind has happened: 1 is sold and retired, 2 revoked, 3 untouched. */
export const world = async (t: TestDatabase) => {
  const one = await anIssuedBatch(t, ports);
  const buyer = await aUser(t, { role: "buyer" });
  const sold = await t.transact(async (tx) => {
    const listingId = await givenListed(tx, one.owner.id, 8_000n);
    return givenSold(tx, { listingId, sellerId: one.owner.id, buyerId: buyer.id, grams: 8_000n });
  });
  await t.transact((tx) => certifyPurchase(tx, ports, { ...sold, buyerId: buyer.id }));
  const retirement = newId("retirement");
  const beneficiaryName = "Hoa Sen Group";
  await t.transact((tx) =>
    retireCredits(tx, ports, buyer, { id: retirement, amount: 5_000n, beneficiaryName, reason: "event" }),
  );
  const two = await anIssuedBatch(t, ports);
  const named = { id: two.certificate.id, reason: "Trips were invented." };
  await t.transact((tx) => revokeCertificate(tx, ports, two.reviewer, named));
  const three = await anIssuedBatch(t, ports);
  await t.transact((tx) => closeDay(tx, "2026-02-28"));
  return { one, two, three, buyer, retirement };
};

export type World = Awaited<ReturnType<typeof world>>;

/** With all rights and every trigger asleep, as the owner of the database can. */
export const asOwner = (t: TestDatabase, ...statements: string[]) =>
  t.admin.transaction().execute(async (tx) => {
    await sql.raw("set local session_replication_role = replica").execute(tx);
    for (const statement of statements) await sql.raw(statement).execute(tx);
  });

export const batchColumns =
  "request_id, owner_id, cva_id, vintage_year, country_code, method_code, factor_set, quality_tier, vehicle_class, trip_count, first_trip_at, last_trip_at, grams_g, buffer_g, issued_at";

export type Attack = {
  name: string;
  sees: RegExp;
  run(t: TestDatabase, w: World): Promise<unknown>;
};

/** One that is a few statements. */
export const row = (name: string, sees: RegExp, ...statements: string[]): Attack => ({
  name,
  sees,
  run: (t) => asOwner(t, ...statements),
});

/** Before each the registry is in order, afterwards its fault is named. */
export const tryAll = (attacks: readonly Attack[]): void => {
  for (const { name, sees, run } of attacks)
    test(`${name}: content before, named after`, async () => {
      const t = await testDatabase();
      try {
        await strictly(t);
        const w = await world(t);
        const judged = async () => {
          await t.transact((tx) => sequencePending(tx, ports.log));
          return (await verifyAll(t.db, ports, t.clock.now(), { patience_ms: 0 })).faults;
        };
        expect(await judged()).toEqual([]);
        await run(t, w);
        const faults = await judged();
        expect(faults.filter((fault) => sees.test(fault)).length, faults.join("\n")).toBeGreaterThan(0);
      } finally {
        await t.close();
      }
    }, 30_000);
};
