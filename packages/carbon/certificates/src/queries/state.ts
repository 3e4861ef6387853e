import { type Db, sql } from "@evx/db";

type Facts = Record<string, unknown>;

/** What the registry says of itself at one moment, in the words of the log's entries. */
export type Head = { size: number; pending: string[]; keys: Facts[]; audit: Facts[]; totals: Facts };

export const stateHead = async (db: Db): Promise<Head> => {
  const { rows } = await sql<{ head: Head }>`select verification.state_head() as head`.execute(db);
  const [row] = rows;
  if (!row) throw new Error("the registry has no head");
  return row.head;
};

/** Kinds of which a snapshot has every row. */
export const copiedKinds = ["batches", "certificates", "retirements", "cancellations", "books"] as const;
export const stateKinds = [...copiedKinds, "snapshots"] as const;
export type StateKind = (typeof stateKinds)[number];

/** Rows of a kind after a name, with hashes that are computed here and now. */
export const stateRows = async (
  db: Db,
  kind: StateKind,
  { after, limit }: { after: string; limit: number },
): Promise<{ name: string; facts: Facts }[]> => {
  type Row = { name: string; facts: Facts };
  const read = {
    batches: sql<Row>`select * from verification.state_batches(${after}, ${limit})`,
    certificates: sql<Row>`select * from verification.state_certificates(${after}, ${limit})`,
    retirements: sql<Row>`select * from verification.state_retirements(${after}, ${limit})`,
    cancellations: sql<Row>`select * from verification.state_cancellations(${after}, ${limit})`,
    books: sql<Row>`select * from verification.state_books(${after}, ${limit})`,
    snapshots: sql<Row>`select * from verification.state_snapshots(${after}, ${limit})`,
  }[kind];
  return (await read.execute(db)).rows;
};
