import { aUser } from "@evx/accounts/testing";
import { type Batch, type Issuance, issueBatch } from "@evx/credits";
import { anIssuance } from "@evx/credits/testing";
import { type Db, type Tx, transact } from "@evx/db";
import type { Clock } from "@evx/kernel";
import { testLog } from "@evx/log/testing";
import { generateSigningKey, readSigningKeys } from "@evx/proof";
import { newTreeSecret, plantTree, tripNode } from "@evx/proof/tree";
import type { Actor } from "@evx/rpc";
import { issueCertificate } from "./certificates.ts";
import { publishKeys } from "./keys.ts";
import type { CertificatePorts } from "./ports.ts";
import type { CertificateRow } from "./queries/certificates.ts";
import { insertTree } from "./queries/trees.ts";

export { lettersOf, pagesOf, pointsOf } from "./pdf/pages.testing.ts";

type World = { db: Db; clock: Clock; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };

/** Ports with a key of their own, or with the one of a given secret. */
export const testPorts = async (secret: string = generateSigningKey()): Promise<CertificatePorts> => ({
  keys: await readSigningKeys(secret),
  publicUrl: "https://evx.test",
  log: { ...(await testLog()), witnesses: [], wanted: 0 },
});

/** Enters the keys of ports as the operator does, who owns the database: every key but a registry's first. */
export const enterKeys = (
  { admin, clock }: { admin: Db; clock: Clock },
  ports: Pick<CertificatePorts, "keys">,
): Promise<void> => transact(admin, clock, (tx) => publishKeys(tx, ports), { cause: "test" });

/** A tree of so many trips, one unless told, that gives so many grams: all of them the first. */
export const aTree = (grams = 20_000n, trips = 1) => {
  const secret = newTreeSecret();
  const trip = (n: number) => ({
    startedAt: "2026-02-01T07:30:00.000Z",
    endedAt: "2026-02-01T08:10:00.000Z",
    distance_m: 20_000,
    energy_wh: null,
    co2Saved_g: n === 1 ? String(grams) : "0",
    quality: "manual" as const,
  });
  const numbers = Array.from({ length: trips }, (_, at) => at + 1);
  return { secret, ...plantTree(numbers.map((n) => tripNode(`trp_${n}`, trip(n), secret))) };
};

/** An issued batch with its tree and its owner's certificate, as an approval leaves them: 20 kg unless told. */
export const anIssuedBatch = async (
  world: World,
  ports: CertificatePorts,
  { owner: known, ...more }: Partial<Issuance> & { owner?: Actor<"ev_owner"> } = {},
): Promise<{
  owner: Actor<"ev_owner">;
  reviewer: Actor<"cva">;
  batch: Batch;
  certificate: CertificateRow;
}> => {
  const owner = known ?? (await aUser(world));
  const reviewer = await aUser(world, { role: "cva" });
  return world.transact(async (tx) => {
    const { batch } = await issueBatch(
      tx,
      anIssuance({
        vintageYear: 2026,
        firstTripAt: new Date(`${more.vintageYear ?? 2026}-02-01T07:30:00Z`),
        lastTripAt: new Date(`${more.vintageYear ?? 2026}-02-01T08:10:00Z`),
        grams: 20_000n,
        ...more,
        ownerId: owner.id,
        cvaId: more.cvaId ?? reviewer.id,
      }),
    );
    await insertTree(tx, {
      ...aTree(batch.grams, batch.tripCount),
      requestId: batch.requestId,
      batchId: batch.id,
    });
    const certificate = await issueCertificate(tx, ports, {
      kind: "issuance",
      subjectId: batch.requestId,
      holderId: owner.id,
      decidedBy: more.cvaId ?? reviewer.id,
      lots: [{ batchId: batch.id, first_g: batch.bufferGrams + 1n, last_g: batch.grams }],
    });
    return { owner, reviewer, batch, certificate };
  });
};
