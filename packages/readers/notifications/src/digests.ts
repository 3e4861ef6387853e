/** Summaries: what happened in a day or a week in one mail. */
import type { JobContext } from "@evx/jobs";
import { type Id, newId } from "@evx/kernel";
import { queueSending } from "./notify.ts";
import { peopleDue, putInDigest, takeWaiting } from "./queries/delivery.ts";
import { insertNotifications } from "./queries/notifications.ts";

/** People whose summaries are written in one round; the next round, minutes later, takes the others. */
const peopleAtOnce = 2_000;

const writeDigest = (job: JobContext, userId: Id<"user">): Promise<void> =>
  job.transact(async (tx) => {
    const ids = await takeWaiting(tx, userId);
    const [first] = ids;
    if (!first) return;
    if (ids.length === 1) return queueSending(tx, { id: first, channel: "email" });
    const [digest] = await insertNotifications(tx, [
      {
        id: newId("notification"),
        user_id: userId,
        channel: "email",
        template: "digest",
        details: { count: ids.length },
        subject: null,
        message: null,
        link: "/notifications",
        status: "queued",
        source: `digest:${first}`,
      },
    ]);
    if (!digest) return;
    await putInDigest(tx, ids, digest.id);
    await queueSending(tx, { id: digest.id, channel: "email" });
  });

/** Writes the summaries that are due. One that fails holds up nobody else's. */
export const writeDigests = async (job: JobContext): Promise<void> => {
  const failures: unknown[] = [];
  for (const userId of await peopleDue(job.db, job.clock.now(), peopleAtOnce))
    await writeDigest(job, userId).catch((error) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, "Some summaries could not be written");
};
