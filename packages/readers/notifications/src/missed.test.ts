import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { anIssuedBatch, testPorts as certificatePorts } from "@evx/certificates/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, jobContext, tick } from "@evx/jobs/testing";
import { type Id, minute_ms, newId } from "@evx/kernel";
import { kycDecided } from "@evx/kyc/events";
import { aListing, aSeller } from "@evx/listings/testing";
import { makeQuote, placeSweep } from "@evx/orders";
import { ordersJobs } from "@evx/orders/jobs";
import { aBuyer, anOrder, noWinners, payOrder } from "@evx/orders/testing";
import { capturePayment } from "@evx/payments/testing";
import { notificationsJobs } from "./jobs.ts";
import { memoryMailer, testPorts } from "./testing.ts";

// Generous, because tests share their machine.
setDefaultTimeout(60_000);

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ max: 20 });
});
afterAll(() => t.close());

const jobs = notificationsJobs(testPorts(memoryMailer()), { currency: "USD" });
const round = () => tick(t, jobs, "notifications.tell_missed");

/** What a person was told in the app, and how many mails wait for them, by source. */
const toldTo = async (userId: Id<"user">) => {
  const rows = await t.db
    .selectFrom("notifications.notification")
    .select(["source", "template", "channel"])
    .where("user_id", "=", userId)
    .where("template", "not in", ["welcome", "order_placed"])
    .orderBy("source")
    .execute();
  return rows.map(({ source, channel }) => `${channel} ${source}`).toSorted();
};
const both = (source: string) => [`email ${source}`, `in_app ${source}`];

/** Two rounds at once, once events have had their time; then a third one. */
const rounds = async () => {
  t.clock.advance(16 * minute_ms);
  await Promise.all([round(), round()]);
  t.clock.advance(minute_ms);
  await round();
};

describe("whom an event missed", () => {
  test("buyer and seller of a sale are told by the sweep, once, and not before the event has had its time", async () => {
    const seller = await aSeller(t, 1_000_000n);
    const order = await anOrder(t, (await aListing(t, { seller, creditsAmount: 1_000_000n })).id);
    // Nobody here listens for notifications: what told of the sale is gone.
    await payOrder(t, order);
    await round();
    expect(await toldTo(order.buyer.id)).toEqual([]);
    await rounds();
    expect(await toldTo(order.buyer.id)).toEqual(both(`order:${order.id}:completed`));
    expect(await toldTo(seller.id)).toEqual(both(`order:${order.id}:sold`));
    expect((await drain(t, jobs)).map(({ queue }) => queue)).toEqual([
      "notifications.send_email",
      "notifications.send_email",
    ]);
  });

  test("of an order over many listings each seller is told of their line, and the buyer of the whole", async () => {
    const buyer = await aBuyer(t);
    const sellers = [await aSeller(t, 1_000_000n), await aSeller(t, 1_000_000n)];
    for (const seller of sellers) await aListing(t, { seller, creditsAmount: 1_000_000n });
    const sweep = await t.transact(async (tx) => {
      const { id: quoteId } = await makeQuote(tx, buyer, { currency: "USD", creditsAmount: 2_000_000n });
      return placeSweep(tx, buyer, { id: newId("order"), quoteId });
    });
    const { payment_id } = await t.db
      .selectFrom("marketplace.sweep")
      .select("payment_id")
      .where("id", "=", sweep.id)
      .executeTakeFirstOrThrow();
    await capturePayment(t, payment_id);
    await drain(t, ordersJobs(noWinners));
    await rounds();
    expect(await toldTo(buyer.id)).toEqual(both(`order:${sweep.id}:completed`));
    const lines = await t.db
      .selectFrom("marketplace.order")
      .select(["id", "seller_id"])
      .where("sweep_id", "=", sweep.id)
      .execute();
    expect(lines.map(({ seller_id }) => seller_id).sort()).toEqual(sellers.map(({ id }) => id).sort());
    for (const { id, seller_id } of lines) expect(await toldTo(seller_id)).toEqual(both(`order:${id}:sold`));
  });

  test("a decided identity is told once; one that the event told of is not told again", async () => {
    const [told, missed, operator] = [await aUser(t), await aUser(t), await aUser(t, { role: "admin" })];
    const decided = (userId: Id<"user">, fileId = newId("kycFile")) =>
      t.transact(async (tx) => {
        await tx
          .insertInto("identity.kyc_file")
          .values({
            id: fileId,
            user_id: userId,
            status: "rejected",
            country_code: "VN",
            document_type: "passport",
            sealed: Buffer.from("x"),
            key_id: "k",
            digest: Buffer.alloc(32),
            submitted_at: tx.at,
            decided_at: tx.at,
            decided_by: operator.id,
            reason: "Too dark",
          })
          .execute();
        return fileId;
      });
    const [toldFile, missedFile] = [await decided(told.id), await decided(missed.id)];
    const handler = jobs.find(({ trigger }) => "event" in trigger && trigger.event === kycDecided.name);
    await handler?.run(jobContext(t), {
      fileId: toldFile,
      userId: told.id,
      status: "rejected",
      reason: "Too dark",
    });
    await rounds();
    expect(await toldTo(told.id)).toEqual(both(`kyc:${toldFile}:rejected`));
    expect(await toldTo(missed.id)).toEqual(both(`kyc:${missedFile}:rejected`));
  });

  test("the holder of a certificate is told of it once", async () => {
    const { owner, certificate } = await anIssuedBatch(t, await certificatePorts());
    await drain(t, []);
    await rounds();
    expect(await toldTo(owner.id)).toEqual(both(`certificate:${certificate.number}:issued`));
  });
});
