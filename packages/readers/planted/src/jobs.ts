import type { Handler } from "@evx/jobs";

/** Everything this room does by itself. */
export const plantedJobs: readonly Handler[] = [];
