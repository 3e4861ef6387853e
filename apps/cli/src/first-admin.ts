import { makeFirstAdmin } from "@evx/accounts";
import { createDb, createPool, transact } from "@evx/db";
import { systemClock } from "@evx/kernel";
import { readScriptSettings } from "@evx/runtime";
import { Failed } from "./failed.ts";
import { sentenceOf } from "./venues.ts";

/** Makes an account the venue's first administrator, by the hand of whoever holds the database. */
export const firstAdmin = async (email: string, url = readScriptSettings().databaseUrl) => {
  if (!url) throw new Failed("DATABASE_URL is not set: where the venue's database is.");
  const db = createDb(createPool(url));
  try {
    const user = await transact(db, systemClock, (tx) => makeFirstAdmin(tx, email), { cause: "first-admin" });
    return { id: user.id, email: user.email, role: user.role };
  } catch (error) {
    if (error instanceof Error && /role_change_unauthorised/.test(error.message))
      throw new Failed("There is an administrator already, who makes the others under /admin/users.");
    throw new Failed(sentenceOf(error));
  } finally {
    await db.destroy();
  }
};
