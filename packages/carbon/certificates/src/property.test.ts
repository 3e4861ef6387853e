/** Whatever people do, in whatever order: a monitor's own book is the ledger's at every checkpoint. */
import { expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { registryTotals, transferCredits, walletOf } from "@evx/credits";
import { givenListed, givenSold } from "@evx/credits/testing";
import { testDatabase } from "@evx/db/testing";
import { type Id, newId } from "@evx/kernel";
import { sequencePending } from "@evx/log";
import { type Book, monitor } from "@evx/proof/monitor";
import fc from "@evx/tooling/properties";
import { closeDay } from "./books.ts";
import { certifyGift, certifyPurchase } from "./purchases.ts";
import { retireCredits } from "./retirements.ts";
import { revokeCertificate } from "./revocation.ts";
import { anIssuedBatch, testPorts } from "./testing.ts";
import { fromInside } from "./verification.ts";

const ports = await testPorts();

const step = fc.record({
  what: fc.constantFrom("issue", "sell", "give", "retire", "revoke", "close", "sell", "give"),
  from: fc.nat(3),
  to: fc.nat(3),
  grams: fc.bigInt(1n, 9_000n),
  /** Whether the certificate of it waits, as it does when an event is late. */
  late: fc.boolean(),
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const world = async () => {
  const t = await testDatabase();
  const people = await Promise.all([1, 2, 3, 4].map(() => aUser(t)));
  const issued: { certificate: { id: Id<"certificate"> }; reviewer: { id: Id<"user">; role: "cva" } }[] = [];
  const waiting: (() => Promise<unknown>)[] = [];
  let day = 1;
  const person = (n: number) => people[n] as (typeof people)[number];
  const certify = async (late: boolean, make: () => Promise<unknown>) => {
    if (late) waiting.push(make);
    else await make();
  };
  const moves: Record<Step["what"], (given: Step) => Promise<unknown>> = {
    issue: async ({ from }) => issued.push(await anIssuedBatch(t, ports, { owner: person(from) })),
    sell: async ({ from, to, grams, late }) => {
      const [sellerId, buyerId] = [person(from).id, person(to).id];
      const sold = await t.transact(async (tx) =>
        givenSold(tx, { listingId: await givenListed(tx, sellerId, grams), sellerId, buyerId, grams }),
      );
      await certify(late, () => t.transact((tx) => certifyPurchase(tx, ports, { ...sold, buyerId })));
    },
    give: async ({ from, to, grams, late }) => {
      const [id, toId] = [newId("transfer"), person(to).id];
      await t.transact((tx) => transferCredits(tx, person(from), { id, toUserId: toId, amount: grams }));
      await certify(late, () => t.transact((tx) => certifyGift(tx, ports, { transferId: id, toId })));
    },
    retire: ({ from, grams }) =>
      t.transact((tx) =>
        retireCredits(tx, ports, person(from), {
          id: newId("retirement"),
          amount: grams,
          beneficiaryName: "Hoa Sen",
          reason: "event",
        }),
      ),
    revoke: async () => {
      const one = issued.shift();
      const reason = "Trips were invented.";
      if (one)
        await t.transact((tx) =>
          revokeCertificate(tx, ports, one.reviewer, { id: one.certificate.id, reason }),
        );
    },
    close: () => t.transact((tx) => closeDay(tx, `2026-03-${String(day++).padStart(2, "0")}`)),
  };
  const take = async (given: Step) => {
    t.clock.advance(1_000);
    // What nobody can do (more than they have, to oneself) changes nothing.
    if (given.what !== "issue" && given.what !== "close" && given.what !== "revoke") {
      const { balance } = await walletOf(t.db, person(given.from).id);
      if (balance < given.grams || given.from === given.to) return;
    }
    await moves[given.what](given).catch((error: { code?: string }) => {
      if (error.code !== "credits_revoked") throw error;
    });
    if (waiting.length > 2) await waiting.shift()?.();
  };
  return { t, take, finish: () => Promise.all(waiting.map((make) => make())) };
};

/** No gram has two certificates, for the book's runs of a batch lie beside each other. */
const disjoint = (book: Book): boolean =>
  [...book.batches.keys()].every((batch) => {
    const runs = book.current.within({ batch, first: 1n, last: 10n ** 17n });
    return runs.every(({ first }, at) => at === 0 || first > (runs[at - 1]?.last ?? 0n));
  });

test("random days: the monitor finds nothing, and its book is the ledger's, at every checkpoint", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 30 }), async (steps) => {
      const { t, take, finish } = await world();
      try {
        const look = async () => {
          await t.transact((tx) => sequencePending(tx, ports.log));
          const inside = fromInside(t.db, ports, t.clock.now());
          const { faults, book } = await monitor({
            url: ports.publicUrl,
            fetch: inside,
            patience_ms: 0,
            now: t.clock.now(),
          });
          expect(faults).toEqual([]);
          const { issued, retired, cancelled } = await registryTotals(t.db);
          expect([book.issued, book.retired, book.cancelled]).toEqual([issued, retired, cancelled]);
          expect(disjoint(book)).toBe(true);
        };
        await take({ what: "issue", from: 0, to: 0, grams: 1n, late: false });
        for (const [at, one] of steps.entries()) {
          await take(one);
          if (at % 3 === 0) await look();
        }
        await finish();
        await look();
      } finally {
        await t.close();
      }
    }),
    { numRuns: 6 },
  );
}, 120_000);
