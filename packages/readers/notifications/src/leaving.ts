/** Ending mails of a topic from the mail itself, without signing in. */
import { userById } from "@evx/accounts";
import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Context } from "@evx/rpc";
import * as v from "valibot";
import { refuse } from "./errors.ts";
import { personOfToken, preferenceRows, setWanted } from "./queries/ways.ts";
import { Leave, type Topic, usualWays } from "./schema.ts";

type Link = { token: string; topic: Topic };

const personOf = async (db: Db, token: string): Promise<Id<"user">> => {
  const userId = await personOfToken(db, token);
  if (!userId) throw refuse("leave_link_unknown");
  return userId;
};

/** Enough of an address for its owner to know it: "l•••@example.com". Whoever has a forwarded mail learns no more. */
const masked = (address: string): string => address.replace(/^(.)[^@]*/, "$1•••");

/** What a link in a mail is about. Refuses `leave_link_unknown`. */
export const leavingBy = async (
  db: Db,
  { token, topic }: Link,
): Promise<{ topic: Topic; address: string; wanted: boolean }> => {
  const userId = await personOf(db, token);
  const user = await userById(db, userId);
  const chosen = (await preferenceRows(db, userId)).find((row) => row.topic === topic);
  return { topic, address: masked(user?.email ?? ""), wanted: chosen?.email ?? usualWays(topic).email };
};

/** Ends, or takes up again, the mails of one topic. Refuses `leave_link_unknown`. */
export const leave = async (tx: Tx, { token, topic }: Link, email: boolean) => {
  await setWanted(tx, await personOf(tx, token), topic, { email });
  return leavingBy(tx, { token, topic });
};

/** The one POST of RFC 8058, which a mail program sends by itself. Answers whether the address was one of ours. */
export const leaveByPost = async (
  ctx: Pick<Context, "db" | "transact">,
  input: { token: string; topic: string },
): Promise<boolean> => {
  const link = v.safeParse(Leave, input);
  if (!link.success || !(await personOfToken(ctx.db, link.output.token))) return false;
  await ctx.transact((tx) => leave(tx, link.output, false));
  return true;
};
