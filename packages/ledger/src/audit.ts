import type { Db } from "@evx/db";
import { spanEnd, unbalancedAssets, type Violation, violationsWithin, type Walk } from "./queries/audit.ts";

export type { Violation };

/** How many keys one statement judges: the connection's statement timeout must suffice for one of them alone. */
const spanSizes: Record<Walk, number> = { account: 20_000, transfer: 20_000, batch: 200 };

const walkAlong = async (db: Db, walk: Walk, size: number): Promise<Violation[]> => {
  const found: Violation[] = [];
  for (let after: string | null = null, last = false; !last; ) {
    const upto: string | null = await spanEnd(db, walk, after, size);
    found.push(...(await violationsWithin(db, walk, { after, upto })));
    last = upto === null;
    after = upto;
  }
  return found;
};

const byRule = (a: Violation, b: Violation): number => {
  const [left, right] = [`${a.rule}\n${a.subject}\n${a.detail}`, `${b.rule}\n${b.subject}\n${b.detail}`];
  return left < right ? -1 : left > right ? 1 : 0;
};

/**
 * Checks every invariant of the book against its rows. An empty answer is a sound book.
 * It walks along accounts, transfers and batches in spans of `spanSize` keys. Each rule can be judged from one key's
 * rows and each statement sees one snapshot, so a book in use raises no false alarm, none of the statements grows with
 * the book, and no snapshot is kept for longer than one of them takes.
 */
export const auditBooks = async (
  db: Db,
  { spanSize }: { readonly spanSize?: number } = {},
): Promise<Violation[]> => {
  const found = await unbalancedAssets(db);
  for (const walk of ["account", "transfer", "batch"] as const) {
    found.push(...(await walkAlong(db, walk, spanSize ?? spanSizes[walk])));
  }
  return found.sort(byRule);
};
