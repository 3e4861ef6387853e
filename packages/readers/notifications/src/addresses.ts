import type { JobContext } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { leaveTokenOf } from "./queries/ways.ts";
import type { Topic } from "./schema.ts";

/** Where a person's mails of a topic end with one POST (RFC 8058), and where a page says so first (GET). */
export const addressOfLeaving = async (
  job: Pick<JobContext, "transact">,
  publicUrl: string,
  { id, leaveToken }: { id: Id<"user">; leaveToken: string | null },
  topic: Topic,
): Promise<string> => {
  const token = leaveToken ?? (await job.transact((tx) => leaveTokenOf(tx, id)));
  return new URL(`/unsubscribe/${token}/${topic}`, publicUrl).href;
};
