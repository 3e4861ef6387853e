import { userSuspended } from "@evx/accounts/events";
import { batchRevoked } from "@evx/credits/events";
import { every, type Handler, on } from "@evx/jobs";
import type { AuctionPorts } from "./ports.ts";
import { withdrawAllRevoked, withdrawRevoked } from "./revoked.ts";
import { withdrawSuspended } from "./suspended.ts";

export const listingsJobs = (
  ports: Pick<AuctionPorts, "cancelAuction" | "withdrawAuction">,
): readonly Handler[] => [
  on(batchRevoked, "marketplace.withdraw_revoked", (job, revoked) => withdrawRevoked(job, ports, revoked)),
  on(userSuspended, "marketplace.withdraw_suspended", (job, { userId }) =>
    withdrawSuspended(job, ports, userId),
  ),
  // What the event has missed.
  every("marketplace.sweep_revoked", "*/10 * * * *", (job) => withdrawAllRevoked(job, ports)),
];
