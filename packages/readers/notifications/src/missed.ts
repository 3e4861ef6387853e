/** The sweeps that tell of what an event missed: of sales, decided identities and certificates. */
import { issuedCertificateRows } from "@evx/certificates";
import type { Db } from "@evx/db";
import { healMissed, type JobContext, type Missed, type Place, type Walk } from "@evx/jobs";
import { day_ms, type Id, isId } from "@evx/kernel";
import { decidedFileRows } from "@evx/kyc";
import { type Json, salesAfter } from "@evx/ledger";
import { completedOfSales } from "@evx/orders";
import { certificateNotice, identityNotice, purchaseNotice, saleNotices } from "./notices.ts";
import { type NewNotice, notify } from "./notify.ts";
import { moveToldUntil, type ToldKind, toldSources, toldUntil } from "./queries/told.ts";

/** The first round begins so long ago: of older things people know, or no longer want to hear. */
const firstRound_ms = 7 * day_ms;

type NoticeOf<I extends string> = { readonly id: I; readonly notice: NewNotice };

/** A walk over rows of one kind that tells of those of which nobody was told. */
const telling = <I extends string, Row extends Place<I>>(
  kind: ToldKind,
  now: Date,
  read: Walk<Row>["read"],
  noticesOf: (db: Db, rows: readonly Row[]) => Promise<readonly NoticeOf<Row["id"]>[]>,
): Walk<Row> => ({
  name: `notifications.${kind}`,
  from: (db) => toldUntil<Row["id"]>(db, kind, new Date(now.getTime() - firstRound_ms)),
  read,
  missed: async (db, rows) => {
    const notices = await noticesOf(db, rows);
    const told = await toldSources(
      db,
      notices.map(({ notice }) => notice),
    );
    return notices
      .filter(({ notice }) => !told.has(notice.source))
      .map(({ id, notice }): Missed<Row["id"]> => ({ id, heal: (tx) => notify(tx, notice) }));
  },
  reach: (tx, place) => moveToldUntil(tx, kind, place),
});

const orderOf = (memo: Json): Id<"order">[] => {
  const id = typeof memo === "object" && memo !== null && "orderId" in memo ? memo.orderId : null;
  return typeof id === "string" && isId("order", id) ? [id] : [];
};

/** Of each sale: who sold, line by line, and who bought, order by order. */
const noticesOfSales = async (
  db: Db,
  sales: readonly { memo: Json }[],
): Promise<NoticeOf<Id<"transfer">>[]> => {
  const orders = await completedOfSales(
    db,
    sales.flatMap(({ memo }) => orderOf(memo)),
  );
  const notices: NoticeOf<Id<"transfer">>[] = [];
  const sweeps = new Map<Id<"order">, { buyerId: Id<"user">; grams: bigint; id: Id<"transfer"> }>();
  for (const order of orders) {
    const { id: orderId, sweep_id: sweepId, buyer_id: buyerId, transfer_id: id, amount_g } = order;
    for (const notice of saleNotices({
      orderId,
      sweepId,
      buyerId,
      sellerId: order.seller_id,
      grams: String(amount_g),
      totalMinor: String(order.total_minor),
      netMinor: String(order.net_minor),
      currency: order.currency,
    }))
      notices.push({ id, notice });
    if (sweepId) sweeps.set(sweepId, { buyerId, id, grams: (sweeps.get(sweepId)?.grams ?? 0n) + amount_g });
  }
  for (const [orderId, { buyerId, id, grams }] of sweeps)
    notices.push({ id, notice: purchaseNotice({ orderId, buyerId, grams: String(grams) }) });
  return notices;
};

/** Tells people of sales, decisions and certificates of which they were not told. Answers how many notices were missed. */
export const tellMissed = async (job: JobContext): Promise<number> => {
  const now = job.clock.now();
  const sales = await healMissed(job, telling("sale", now, salesAfter, noticesOfSales));
  const identities = await healMissed(
    job,
    telling("identity", now, decidedFileRows, async (_, files) =>
      files.map(({ id, user_id, status, reason }) => ({
        id,
        notice: identityNotice({ fileId: id, userId: user_id, status, reason }),
      })),
    ),
  );
  const certificates = await healMissed(
    job,
    telling("certificate", now, issuedCertificateRows, async (_, rows) =>
      rows.map(({ id, holder_id, number }) => ({
        id,
        notice: certificateNotice({ holderId: holder_id, number }),
      })),
    ),
  );
  return sales + identities + certificates;
};
