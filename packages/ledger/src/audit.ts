import type { Db } from "@evx/db";
import { type Violation, violations } from "./queries/audit.ts";

export type { Violation };

/** Checks every invariant of the book against its rows. An empty answer is a sound book. */
export const auditBooks = (db: Db): Promise<Violation[]> => violations(db);
