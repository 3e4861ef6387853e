import type { JobContext } from "@evx/jobs";

/** Say here what it does. It may run twice, also beside itself, and must do its work once. */
export const noteSale = async (job: JobContext, { id }: { id: string }): Promise<void> => {
  job.log.info({ id, requestId: job.requestId }, "note sale");
};
