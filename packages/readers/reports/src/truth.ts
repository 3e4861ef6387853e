/** The rows that the truth is in, and what each adds to the sums: for events, for a rebuild, and for the sweep of what was missed. */
import { registeredRows } from "@evx/accounts";
import { retirementCertificateRows } from "@evx/certificates";
import { issuedBatchRows } from "@evx/credits";
import type { Db, Portion } from "@evx/db";
import { registrationRows } from "@evx/garage";
import { listedRows } from "@evx/listings";
import { completedOrderRows, objectionRows } from "@evx/orders";
import { disputedRows } from "@evx/payments";
import { paidOutRows } from "@evx/payouts";
import { requestRows } from "@evx/review";
import type { Kind } from "./kinds.ts";
import { type Metric, venue } from "./policy.ts";
import type { Entry } from "./queries/sums.ts";

/** What one row adds to the sums, under the name with which it is counted. */
export type Fact = {
  readonly id: string;
  readonly source: string;
  readonly at: Date;
  readonly entries: readonly Entry[];
};

/** How many rows were read, and the last id of them: rows of a portion that say nothing yet are no facts. */
export type Read = { readonly facts: readonly Fact[]; readonly rows: number; readonly last: string | null };

/** So many rows are read at once. */
const portion = 2_000;

const entriesOf = (subject: string, amounts: Partial<Record<Metric, bigint>>): Entry[] =>
  Object.entries(amounts).map(([metric, amount]) => ({ subject, metric: metric as Metric, amount }));

/** The same for a person and for the venue. */
const forBoth = (subject: string, amounts: Partial<Record<Metric, bigint>>): Entry[] => [
  ...entriesOf(subject, amounts),
  ...entriesOf(venue, amounts),
];

type Reading<Row> = {
  rows(db: Db, portion: Portion): Promise<readonly Row[]>;
  id(row: Row): string;
  fact(row: Row): { at: Date; entries: Entry[] } | null;
};

const read =
  <Row>(kind: Kind, { rows, id, fact }: Reading<Row>) =>
  async (db: Db, portion: Portion): Promise<Read> => {
    const found = await rows(db, portion);
    const last = found.at(-1);
    return {
      rows: found.length,
      last: last === undefined ? null : id(last),
      facts: found.flatMap((row) => {
        const said = fact(row);
        return said ? [{ id: id(row), source: `${kind}/${id(row)}`, ...said }] : [];
      }),
    };
  };

type RowOf<F extends (...args: never[]) => Promise<readonly unknown[]>> = Awaited<ReturnType<F>>[number];

const saleOf = (order: RowOf<typeof completedOrderRows>) => {
  const { amount_g, total_minor, platform_fee_minor, cva_fee_minor, net_minor } = order;
  const money = { gross_minor: total_minor, platform_fee_minor, cva_fee_minor, net_minor };
  return {
    at: order.ended_at ?? order.created_at,
    entries: [
      ...forBoth(order.seller_id, { sold_g: amount_g, sales: 1n, ...money }),
      ...entriesOf(order.buyer_id, { bought_g: amount_g, purchases: 1n, spent_minor: total_minor }),
    ],
  };
};

const decisionOf = (request: RowOf<typeof requestRows>) => {
  const { decided_at, decided_by, issued_g, trip_count, rejected_count } = request;
  if (!decided_at || !decided_by) return null;
  const approved = request.status === "approved";
  const waited = decided_at.getTime() - (request.claimed_at ?? request.submitted_at).getTime();
  return {
    at: decided_at,
    entries: [
      ...forBoth(decided_by, {
        decided: 1n,
        ...(approved ? { approved: 1n } : { rejected: 1n }),
        reviewed_trips: trip_count,
        refused_trips: rejected_count,
        approved_g: issued_g ?? 0n,
        review_s: BigInt(Math.max(0, Math.round(waited / 1_000))),
      }),
      ...entriesOf(request.vehicle_id, { issued_g: issued_g ?? 0n }),
    ],
  };
};

export const truths: Record<Kind, (db: Db, portion: Portion) => Promise<Read>> = {
  users: read("users", {
    rows: registeredRows,
    id: ({ id }) => id,
    fact: ({ id, role, created_at }) => ({
      at: created_at,
      entries: [...entriesOf(venue, { users: 1n }), ...forBoth(id, { [`joined_${role}`]: 1n })],
    }),
  }),
  cars: read("cars", {
    rows: registrationRows,
    id: ({ id }) => id,
    fact: ({ owner_id, created_at }) => ({ at: created_at, entries: forBoth(owner_id, { cars: 1n }) }),
  }),
  requests: read("requests", {
    rows: requestRows,
    id: ({ id }) => id,
    fact: ({ owner_id, submitted_at }) => ({
      at: submitted_at,
      entries: forBoth(owner_id, { requests: 1n }),
    }),
  }),
  decisions: read("decisions", { rows: requestRows, id: ({ id }) => id, fact: decisionOf }),
  batches: read("batches", {
    rows: issuedBatchRows,
    id: ({ id }) => id,
    fact: ({ owner_id, grams_g, issued_at }) => ({
      at: issued_at,
      entries: forBoth(owner_id, { issued_g: grams_g }),
    }),
  }),
  listings: read("listings", {
    rows: listedRows,
    id: ({ id }) => id,
    fact: ({ seller_id, created_at }) => ({ at: created_at, entries: forBoth(seller_id, { listings: 1n }) }),
  }),
  sales: read("sales", { rows: completedOrderRows, id: ({ id }) => id, fact: saleOf }),
  retirements: read("retirements", {
    rows: retirementCertificateRows,
    id: ({ id }) => id,
    fact: ({ holder_id, credits_g, issued_at }) => ({
      at: issued_at,
      entries: forBoth(holder_id, { retired_g: credits_g }),
    }),
  }),
  payouts: read("payouts", {
    rows: paidOutRows,
    id: ({ id }) => id,
    fact: ({ user_id, amount_minor, settled_at, requested_at }) => ({
      at: settled_at ?? requested_at,
      entries: forBoth(user_id, { paid_out_minor: amount_minor }),
    }),
  }),
  disputes: read("disputes", {
    rows: disputedRows,
    id: ({ payment_id }) => payment_id,
    fact: ({ opened_at }) => ({ at: opened_at, entries: entriesOf(venue, { disputes: 1n }) }),
  }),
  // A buyer's own, which an operator decides: to whoever reads the sums it is a dispute as a bank's is.
  objections: read("objections", {
    rows: objectionRows,
    id: ({ id }) => id,
    fact: ({ opened_at }) => ({ at: opened_at, entries: entriesOf(venue, { disputes: 1n }) }),
  }),
};

/** All facts of one kind, in portions. */
export async function* portionsOf(db: Db, kind: Kind): AsyncGenerator<readonly Fact[], void, void> {
  for (let after = ""; ; ) {
    const { facts, rows, last } = await truths[kind](db, { after, limit: portion });
    if (facts.length > 0) yield facts;
    if (last === null || rows < portion) return;
    after = last;
  }
}
