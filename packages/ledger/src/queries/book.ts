import type { Db, Tx } from "@evx/db";
import { json, sql } from "@evx/db";
import type { Id } from "@evx/kernel";
import { CompiledQuery } from "kysely";
import type { AccountId, AccountKind } from "../accounts.ts";
import type { TransferKind } from "../kinds.ts";

type Replayed = { replayed: boolean };

const first = <T>({ rows }: { rows: T[] }): T => rows[0] as T;

export type PostCall = {
  id: string;
  kind: string;
  accounts: string[];
  amounts: bigint[];
  holders: (string | null)[];
  memo: unknown;
  releases: readonly string[];
};

export const postFragment = (at: Date, call: PostCall) =>
  sql<boolean>`ledger.post(${call.id}, ${call.kind}, ${at}, ${call.accounts}, ${call.amounts}, ${call.holders},
    ${call.memo === undefined ? null : json(call.memo)}, ${call.releases}, null)`;

// The same text as the fragment, without building and compiling it each time: 30 µs of a posting's 400.
const postText = "select ledger.post($1, $2, $3, $4, $5, $6, $7, $8, null) as replayed";

export const callPost = async (tx: Tx, call: PostCall): Promise<Replayed> =>
  first(
    await tx.executeQuery<Replayed>(
      CompiledQuery.raw(postText, [
        call.id,
        call.kind,
        tx.at,
        call.accounts,
        call.amounts,
        call.holders,
        call.memo === undefined ? null : json(call.memo),
        call.releases,
      ]),
    ),
  );

export const callIssue = async (
  tx: Tx,
  call: { id: string; batchId: string; accounts: string[]; amounts: bigint[]; memo: unknown },
): Promise<Replayed> =>
  first(
    await sql<Replayed>`select ledger.issue(${call.id}, ${call.batchId}, ${tx.at}, ${call.accounts},
      ${call.amounts}, ${call.memo === undefined ? null : json(call.memo)}) as replayed`.execute(tx),
  );

export const callHold = async (
  tx: Tx,
  call: { id: string; account: string; amount: bigint; memo: unknown },
): Promise<Replayed> =>
  first(
    await sql<Replayed>`select ledger.hold(${call.id}, ${call.account}, ${call.amount},
      ${call.memo === undefined ? null : json(call.memo)}, ${tx.at}) as replayed`.execute(tx),
  );

export const callHolds = async (
  tx: Tx,
  calls: readonly { id: string; account: string; amount: bigint }[],
): Promise<void> => {
  await sql`select ledger.hold(h.id, h.account, h.amount, null, ${tx.at})
    from unnest(${calls.map(({ id }) => id)}::text[], ${calls.map(({ account }) => account)}::text[],
      ${calls.map(({ amount }) => String(amount))}::bigint[]) as h (id, account, amount)`.execute(tx);
};

export const callReleases = async (tx: Tx, holdIds: readonly string[]): Promise<void> => {
  await sql`select ledger.release(id, ${tx.at}) from unnest(${holdIds}::text[]) as h (id)`.execute(tx);
};

export const callRelease = async (tx: Tx, holdId: string): Promise<Replayed> =>
  first(await sql<Replayed>`select ledger.release(${holdId}, ${tx.at}) as replayed`.execute(tx));

export const callTakeOfBatch = async (
  tx: Tx,
  call: {
    id: string;
    kind: string;
    batchId: string;
    from: string;
    to: string;
    atMost: bigint;
    memo: unknown;
  },
): Promise<bigint> =>
  first(
    await sql<{
      taken: bigint;
    }>`select ledger.take_of_batch(${call.id}, ${call.kind}, ${tx.at}, ${call.batchId},
      ${call.from}, ${call.to}, ${call.atMost}, ${call.memo === undefined ? null : json(call.memo)}) as taken`.execute(
      tx,
    ),
  ).taken;

/** How many grams of a batch lie on the listings of a person. */
export const listedRow = (db: Db, batchId: Id<"batch">, holder: Id<"user">) =>
  db
    .selectFrom("ledger.block as b")
    .innerJoin("ledger.account as a", "a.id", "b.account_id")
    .select(sql<string>`coalesce(sum(b.hi - b.lo), 0)`.as("grams"))
    .where("b.batch_id", "=", batchId)
    .where("a.kind", "=", "listing")
    .where("a.holder", "=", holder)
    .executeTakeFirstOrThrow();

export const accountRows = (db: Db, accounts: readonly AccountId[]) =>
  db
    .selectFrom("ledger.account")
    .select(["id", "balance", "held", "version"])
    .where("id", "in", accounts)
    .execute();

export const accountHolders = (db: Db, accounts: readonly AccountId[]) =>
  db
    .selectFrom("ledger.account")
    .select(["id", "holder"])
    .where("id", "in", accounts)
    .where("holder", "is not", null)
    .$narrowType<{ holder: Id<"user"> }>()
    .execute();

export const holderRows = (db: Db, holder: Id<"user">, asset: string) =>
  db
    .selectFrom("ledger.account")
    .select(({ fn }) => ["kind", fn.sum<string>("balance").as("balance"), fn.sum<string>("held").as("held")])
    .where("holder", "=", holder)
    .where("filled", "=", true)
    .where("asset", "=", asset)
    .groupBy("kind")
    .execute();

/** The blocks of an account with the transfers that brought them, the newest arrivals first. */
export const lotRows = (
  db: Db,
  account: AccountId,
  limit: number,
  before: { seq: bigint; batchId: Id<"batch">; lo: bigint } | null,
) =>
  db
    .selectFrom("ledger.block as b")
    .innerJoin("ledger.entry as e", (join) =>
      join.onRef("e.account_id", "=", "b.account_id").onRef("e.version", "=", "b.seq"),
    )
    .innerJoin("ledger.transfer as t", "t.id", "e.transfer_id")
    .select(["b.batch_id", "b.lo", "b.hi", "b.seq", "t.id as transfer_id", "t.kind", "t.memo", "t.at"])
    .where("b.account_id", "=", account)
    .$if(before !== null, (query) =>
      query.where(
        sql<boolean>`(b.seq, b.batch_id, b.lo) < (${before?.seq}::int8, ${before?.batchId}, ${before?.lo}::int8)`,
      ),
    )
    .orderBy("b.seq", "desc")
    .orderBy("b.batch_id", "desc")
    .orderBy("b.lo", "desc")
    .limit(limit)
    .execute();

/** The blocks of a batch that hold any of its grams from first to last. */
export const runRows = (db: Db, batchId: Id<"batch">, first: bigint, last: bigint, limit: number) =>
  db
    .selectFrom("ledger.block")
    .select(["batch_id", "lo", "hi", "account_id", "seq"])
    .where("batch_id", "=", batchId)
    .where("lo", "<=", last)
    .where("hi", ">", first)
    .orderBy("lo")
    .limit(limit)
    .execute();

/** The transfers that brought the grams of a run to where they are now, of those grams that lie in accounts of a kind. */
export const bringerRows = async (
  db: Db,
  batchId: Id<"batch">,
  span: { first_g: bigint; last_g: bigint },
  kind: string,
): Promise<{ transfer_id: Id<"transfer"> }[]> => {
  const { rows } = await sql<{ transfer_id: Id<"transfer"> }>`
    select distinct e.transfer_id
    from ledger.block b join ledger.entry e on e.account_id = b.account_id and e.version = b.seq
    where b.batch_id = ${batchId} and b.lo <= ${span.last_g} and b.hi > ${span.first_g}
      and split_part(b.account_id, '/', 2) = ${kind}`.execute(db);
  return rows;
};

/** The account that has each gram of a list, in the list's order; one index look-up for each. */
export const accountsAtRows = async (
  db: Db,
  places: readonly { batchId: Id<"batch">; gram: bigint }[],
): Promise<{ account_id: string | null }[]> => {
  const { rows } = await sql<{ account_id: string | null }>`
    select block.account_id
    from unnest(${places.map(({ batchId }) => batchId)}::text[], ${places.map(({ gram }) => gram)}::int8[])
      with ordinality as place (batch_id, gram, at)
    left join lateral (
      select account_id from ledger.block as b
      where b.batch_id = place.batch_id and b.lo <= place.gram order by b.lo desc limit 1
    ) as block on true
    order by place.at`.execute(db);
  return rows;
};

/** Which accounts of a kind hold grams of a batch, and how many. */
export const accountsOfBatchRows = (db: Db, batchId: Id<"batch">, kind: AccountKind) =>
  db
    .selectFrom("ledger.block as b")
    .innerJoin("ledger.account as a", "a.id", "b.account_id")
    .select(["a.id", "a.holder", sql<string>`sum(b.hi - b.lo)`.as("grams")])
    .where("b.batch_id", "=", batchId)
    .where("a.kind", "=", kind)
    .groupBy(["a.id", "a.holder"])
    .orderBy("a.id")
    .execute();

/** Which kinds of transfer had brought the grams that a transfer moved to the accounts that gave them. */
export const arrivalRows = (db: Db, transferId: Id<"transfer">) =>
  db
    .selectFrom("ledger.block_move as m")
    .innerJoin("ledger.entry as e", (join) =>
      join.onRef("e.account_id", "=", "m.from_id").onRef("e.version", "=", "m.from_seq"),
    )
    .innerJoin("ledger.transfer as t", "t.id", "e.transfer_id")
    .select(["m.batch_id", "t.kind"])
    .distinct()
    .where("m.transfer_id", "=", transferId)
    .execute();

/** Where a batch's grams are now, summed by kind of account. */
export const spreadRows = (db: Db, batchIds: readonly Id<"batch">[]) =>
  db
    .selectFrom("ledger.block")
    .select([
      "batch_id",
      sql<AccountKind>`split_part(account_id, '/', 2)`.as("kind"),
      sql<string>`sum(hi - lo)`.as("grams"),
    ])
    .where("batch_id", "in", batchIds)
    .where("hi", "is not", null)
    .groupBy("batch_id")
    .groupBy(sql`split_part(account_id, '/', 2)`)
    .execute();

export const transferRow = (db: Db, id: Id<"transfer">) =>
  db
    .selectFrom("ledger.transfer")
    .select(["id", "kind", "memo", "at"])
    .where("id", "=", id)
    .executeTakeFirst();

/** Sales after one of them up to and with a moment, the earliest first. */
export const passedRows = (
  db: Db,
  kind: "sale" | "transfer",
  after: { at: Date; id: string } | null,
  until: Date,
  limit: number,
): Promise<{ id: Id<"transfer">; memo: unknown; at: Date }[]> => {
  let query = db
    .selectFrom("ledger.transfer")
    .select(["id", "memo", "at"])
    // Written out, so that the index over this kind alone is found.
    .where(kind === "sale" ? sql<boolean>`kind = 'sale'` : sql<boolean>`kind = 'transfer'`)
    .where("at", "<=", until)
    .orderBy("at")
    .orderBy("id")
    .limit(limit);
  if (after) query = query.where(sql<boolean>`(at, id) > (${after.at}::timestamptz, ${after.id}::text)`);
  return query.execute();
};

export const batchRows = (db: Db, account: AccountId) =>
  db
    .selectFrom("ledger.block")
    .select(["batch_id", sql<string>`sum(hi - lo)`.as("grams")])
    .where("account_id", "=", account)
    .groupBy("batch_id")
    .orderBy("grams", "desc")
    .orderBy("batch_id")
    .execute();

export const moveRows = (db: Db, transferIds: readonly Id<"transfer">[]) =>
  db
    .selectFrom("ledger.block_move")
    .select(["transfer_id", "batch_id", "lo", "hi", "from_id", "to_id"])
    .where("transfer_id", "in", transferIds)
    .orderBy("transfer_id")
    .orderBy("batch_id")
    .orderBy("lo")
    .execute();

/** The block that holds a gram. */
export const gramOwner = (db: Db, batchId: Id<"batch">, gram: bigint) =>
  db
    .selectFrom("ledger.block")
    .select(["batch_id", "lo", "hi", "account_id", "seq"])
    .where("batch_id", "=", batchId)
    .where("lo", "<=", gram)
    .orderBy("lo", "desc")
    .limit(1)
    .executeTakeFirst();

/** The moves of one gram, newest first: each step finds the entry that had brought it, by its account and version. */
export const gramTrail = async (db: Db, batchId: Id<"batch">, gram: bigint, account: string, seq: bigint) => {
  const { rows } = await sql<{
    transfer_id: Id<"transfer">;
    kind: TransferKind;
    at: Date;
    batch_id: Id<"batch">;
    lo: bigint;
    hi: bigint;
    from_id: string;
    to_id: string;
  }>`
    with recursive trail as (
      select 1 as step, m.*
      from ledger.entry e
      join ledger.block_move m on m.transfer_id = e.transfer_id and m.batch_id = ${batchId}
        and m.lo <= ${gram} and m.hi > ${gram} and m.to_id = e.account_id
      where e.account_id = ${account} and e.version = ${seq}
      union all
      select trail.step + 1, m.*
      from trail
      join ledger.entry e on e.account_id = trail.from_id and e.version = trail.from_seq
      join ledger.block_move m on m.transfer_id = e.transfer_id and m.batch_id = trail.batch_id
        and m.lo <= ${gram} and m.hi > ${gram} and m.to_id = e.account_id
    )
    select trail.transfer_id, t.kind, t.at, trail.batch_id, trail.lo, trail.hi, trail.from_id, trail.to_id
    from trail join ledger.transfer t on t.id = trail.transfer_id
    order by trail.step`.execute(db);
  return rows;
};

/** The legs of one transfer, in the order in which they were posted. */
export const legRows = (db: Db, transferId: Id<"transfer">) =>
  db
    .selectFrom("ledger.entry")
    .select(["account_id", "amount"])
    .where("transfer_id", "=", transferId)
    .orderBy("leg")
    .execute();

export const debtRows = (db: Db, asset: string) =>
  db
    .selectFrom("ledger.account")
    .select(["holder", "balance"])
    .where("kind", "=", "debt")
    .where("filled", "=", true)
    .where("asset", "=", asset)
    .orderBy("id")
    .execute();

export const totalRows = (db: Db, asset: string) =>
  db
    .selectFrom("ledger.account")
    .select(({ fn }) => ["kind", fn.sum<string>("balance").as("balance")])
    .where("asset", "=", asset)
    .groupBy("kind")
    .orderBy("kind")
    .execute();

/** Every account of an asset that has something in it or held, by its name. */
export const filledRows = (db: Db, asset: string) =>
  db
    .selectFrom("ledger.account")
    .select(["id", "kind", "balance", "held"])
    .where("asset", "=", asset)
    .where((eb) => eb.or([eb("balance", "<>", 0n), eb("held", "<>", 0n)]))
    .orderBy("id")
    .execute();
