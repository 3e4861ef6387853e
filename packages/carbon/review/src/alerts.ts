import { accountsOfPerson, peopleById } from "@evx/accounts";
import { audit } from "@evx/audit";
import { namesIn } from "@evx/certificates";
import { batchesByIds } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { type Grams, type Id, isCurrency, textFromMinor } from "@evx/kernel";
import { entriesOf, movesOfAll, wallet } from "@evx/ledger";
import type { Actor } from "@evx/rpc";
import { kickbackSuspected } from "./events.ts";
import { originsOf } from "./independence.ts";
import { type People, peopleOf } from "./persons.ts";
import { fourEyesPeriod_ms, isPair } from "./policy.ts";
import {
  type AlertRow,
  alertsAbout,
  approvedOwners,
  insertAlert,
  latestAlerts,
  pairDays,
} from "./queries/alerts.ts";
import type { RequestRow } from "./queries/requests.ts";
import { latestTradeAlerts, type TradeAlertRow, tradeAlertsAbout } from "./queries/trades.ts";

type Pair = { ownerId: Id<"user">; reviewerId: Id<"user"> };

const raise = async (
  tx: Tx,
  of: Pair & { kind: AlertRow["kind"]; sourceId: string; requestId: Id<"request">; grams: Grams },
): Promise<void> => {
  const isNew = await insertAlert(tx, {
    kind: of.kind,
    reviewer_id: of.reviewerId,
    owner_id: of.ownerId,
    source_id: of.sourceId,
    request_id: of.requestId,
    grams: of.grams,
    raised_at: tx.at,
  });
  if (!isNew) return;
  const { kind, reviewerId, ownerId, requestId, sourceId } = of;
  await audit(tx, null, "request.suspect", requestId, { after: { kind, reviewerId, ownerId, sourceId } });
  await emit(tx, kickbackSuspected, { kind, reviewerId, ownerId, requestId, grams: String(of.grams) });
};

/**
 * Credits reached a reviewer, by whatever account: by gift from an owner whose requests they approved, or through others' hands, since what
 * counts is to whom the grams that they hold were first issued. Each is a sign on the request that they approved last.
 */
export const noteGift = async (
  tx: Tx,
  {
    toId,
    fromId,
    transferId,
    grams,
  }: { toId: Id<"user">; fromId: Id<"user">; transferId: Id<"transfer">; grams: Grams },
): Promise<void> => {
  const people = await peopleById(tx, await accountsOfPerson(tx, toId));
  const reviewers = [...people].filter(([, { role }]) => role === "cva").map(([id]) => id);
  if (reviewers.length === 0) return;
  const givers = new Set([...(await accountsOfPerson(tx, fromId)), ...(await originsOf(tx, [toId]))]);
  const since = new Date(tx.at.getTime() - fourEyesPeriod_ms);
  for (const reviewerId of reviewers)
    for (const one of await approvedOwners(tx, { reviewerId, ownerIds: [...givers], since }))
      await raise(tx, { ...one, kind: "gift", reviewerId, sourceId: transferId, grams });
};

/** Gifts to a reviewer that are looked at together; all of a year are, or dust would hide what was given before it. */
const giftsAtOnce = 500;

/** Raises those of a reviewer's gifts that are of the owner's credits, or came from the owner. */
const raiseGifts = async (
  tx: Tx,
  row: Pick<RequestRow, "id" | "owner_id">,
  reviewerId: Id<"user">,
  transferIds: readonly Id<"transfer">[],
): Promise<void> => {
  const owners = await accountsOfPerson(tx, row.owner_id);
  const moves = await movesOfAll(tx, transferIds);
  const batches = await batchesByIds(tx, [
    ...new Set([...moves.values()].flatMap((runs) => runs.map(({ batchId }) => batchId))),
  ]);
  for (const [transferId, runs] of moves) {
    const grams = runs
      .filter(({ from: giver, batchId }) =>
        owners.some((id) => giver === wallet(id) || batches.get(batchId)?.ownerId === id),
      )
      .reduce((sum, { first_g, last_g }) => sum + last_g - first_g + 1n, 0n);
    if (grams > 0n)
      await raise(tx, {
        kind: "gift",
        reviewerId,
        ownerId: row.owner_id,
        sourceId: transferId,
        requestId: row.id,
        grams,
      });
  }
};

/**
 * When a reviewer approves: credits that came from the owner before, as gifts from them or first issued to them and
 * through others' hands. Also those that the reviewer no longer has, which bar nobody (`interestsIn`).
 */
export const noteEarlierGifts = async (
  tx: Tx,
  row: Pick<RequestRow, "id" | "owner_id">,
  reviewerId: Id<"user">,
): Promise<void> => {
  const from = new Date(tx.at.getTime() - fourEyesPeriod_ms);
  const gifts = { asset: "gCO2e", accountKinds: ["wallet"], kinds: ["transfer"], sign: "in", from } as const;
  for (const holder of await accountsOfPerson(tx, reviewerId))
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: Awaited<ReturnType<typeof entriesOf>> = await entriesOf(
        tx,
        { ...gifts, holder },
        { limit: giftsAtOnce, ...(cursor ? { cursor } : {}) },
      );
      const ids = page.items.map(({ transferId }) => transferId);
      if (ids.length > 0) await raiseGifts(tx, row, reviewerId, ids);
      cursor = page.nextCursor;
    }
};

/** Whether a reviewer has decided so often for one owner that another one must look as well. */
export const isRepeatedPair = async (tx: Tx, of: People): Promise<boolean> =>
  isPair(await pairDays(tx, { ...of, since: new Date(tx.at.getTime() - fourEyesPeriod_ms) }));

/** After an approval: the sign that one reviewer approves the same owner's requests again and again. */
export const notePair = async (
  tx: Tx,
  row: RequestRow,
  reviewerId: Id<"user">,
  grams: Grams,
): Promise<void> => {
  const pair = { ownerId: row.owner_id, reviewerId };
  if (await isRepeatedPair(tx, await peopleOf(tx, pair)))
    await raise(tx, { ...pair, kind: "pair", sourceId: row.id, requestId: row.id, grams });
};

type Viewer = Pick<Actor, "id" | "role">;

type Sign = AlertRow | TradeAlertRow;

/** What is known of the sale that is a sign. */
const tradeOf = (row: Sign) => {
  if (!("order_id" in row)) return null;
  const currency = isCurrency(row.currency) ? row.currency : null;
  if (!currency) return null;
  return {
    orderId: row.order_id,
    bought: row.bought,
    price: textFromMinor(row.price_minor, currency),
    marketPrice: row.market_minor === null ? null : textFromMinor(row.market_minor, currency),
    currency,
  };
};

const alertViews = async (db: Db, viewer: Viewer, signs: readonly Sign[], about: RequestRow[] = []) => {
  const rows = signs.toSorted((a, b) => b.raised_at.getTime() - a.raised_at.getTime());
  const [owners, staff] = [rows.map(({ owner_id }) => owner_id), rows.map(({ reviewer_id }) => reviewer_id)];
  const names = await namesIn(db, viewer, about, { owners, staff });
  return rows.map((row) => ({
    kind: "kind" in row ? row.kind : ("sale" as const),
    trade: tradeOf(row),
    reviewerId: row.reviewer_id,
    reviewerName: names.get(row.reviewer_id) ?? "–",
    ownerId: row.owner_id,
    ownerName: names.get(row.owner_id) ?? "–",
    requestId: row.request_id,
    grams: row.grams,
    raisedAt: row.raised_at,
  }));
};

/** Signs of a kick-back about a request, for those who look into it. */
export const alertsOf = async (db: Db, viewer: Viewer, row: RequestRow) =>
  alertViews(db, viewer, [...(await alertsAbout(db, row)), ...(await tradeAlertsAbout(db, row))], [row]);

/** The hundred newest, for operators. */
export const allAlerts = async (db: Db, operator: Viewer) =>
  (
    await alertViews(db, operator, [...(await latestAlerts(db, 100)), ...(await latestTradeAlerts(db, 100))])
  ).slice(0, 100);
