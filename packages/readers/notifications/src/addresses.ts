import type { JobContext } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { leaveTokenOf, mannerRow } from "./queries/ways.ts";
import type { Topic } from "./schema.ts";

/** Where a person's mails of a topic end with one POST (RFC 8058), and where a page says so first (GET). */
export const addressOfLeaving = async (
  job: Pick<JobContext, "db" | "transact">,
  publicUrl: string,
  userId: Id<"user">,
  topic: Topic,
): Promise<string> => {
  const known = await mannerRow(job.db, userId);
  const token = known?.leaveToken ?? (await job.transact((tx) => leaveTokenOf(tx, userId)));
  return new URL(`/unsubscribe/${token}/${topic}`, publicUrl).href;
};
