/** The rows that the truth is in, and what each adds to the sums: for a rebuild, and for the sweep of what was missed. */
import { registeredRows } from "@evx/accounts";
import { retirementCertificateRows } from "@evx/certificates";
import { issuedBatchRows } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import { completedOrderRows } from "@evx/orders";
import { monthOf } from "./policy.ts";
import { addPlatform } from "./queries/reports.ts";
import { addForBoth, addSale } from "./sums.ts";

/** What one row adds to the sums, under the name with which its event is counted. */
export type Fact = {
  readonly id: string;
  readonly source: string;
  readonly at: Date;
  add(tx: Tx): Promise<void>;
};

export type Truth = {
  readonly kind: "users" | "batches" | "sales" | "retirements";
  /** Facts by id, `limit` after the given one. */
  facts(db: Db, after: string, limit: number): Promise<readonly Fact[]>;
};

/** So many rows are read at once. */
const portion = 2_000;

/** All facts of one kind, in portions. */
export async function* portionsOf(db: Db, truth: Truth): AsyncGenerator<readonly Fact[], void, void> {
  for (let after = ""; ; ) {
    const facts = await truth.facts(db, after, portion);
    yield facts;
    const last = facts.at(-1);
    if (!last || facts.length < portion) return;
    after = last.id;
  }
}

export const truths: readonly Truth[] = [
  {
    kind: "users",
    facts: async (db, after, limit) =>
      (await registeredRows(db, after, limit)).map(({ id, created_at: at }) => ({
        id,
        source: `user:${id}`,
        at,
        add: (tx) => addPlatform(tx, monthOf(at), { users: 1n }),
      })),
  },
  {
    kind: "batches",
    facts: async (db, after, limit) =>
      (await issuedBatchRows(db, after, limit)).map(
        ({ id, request_id, owner_id, issued_at: at, grams_g: issued_g }) => ({
          id,
          source: `issued:${request_id}`,
          at,
          add: (tx) => addForBoth(tx, owner_id, monthOf(at), { issued_g }),
        }),
      ),
  },
  {
    kind: "sales",
    facts: async (db, after, limit) =>
      (await completedOrderRows(db, after, limit)).map((order) => {
        const at = order.ended_at ?? order.created_at;
        return {
          id: order.id,
          source: `order:${order.id}`,
          at,
          add: (tx: Tx) =>
            addSale(tx, {
              sellerId: order.seller_id,
              buyerId: order.buyer_id,
              month: monthOf(at),
              grams: order.amount_g,
              gross_minor: order.total_minor,
              platform_fee_minor: order.platform_fee_minor,
              cva_fee_minor: order.cva_fee_minor,
              net_minor: order.net_minor,
            }),
        };
      }),
  },
  {
    kind: "retirements",
    facts: async (db, after, limit) =>
      (await retirementCertificateRows(db, after, limit)).map(
        ({ id, holder_id, issued_at: at, credits_g: retired_g }) => ({
          id,
          source: `retired:${id}`,
          at,
          add: (tx) => addForBoth(tx, holder_id, monthOf(at), { retired_g }),
        }),
      ),
  },
];
