import { batchRevoked } from "@evx/credits/events";
import { every, type Handler, on } from "@evx/jobs";
import type { AuctionPorts } from "./ports.ts";
import { withdrawAllRevoked, withdrawRevoked } from "./revoked.ts";

export const listingsJobs = (ports: Pick<AuctionPorts, "withdrawAuction">): readonly Handler[] => [
  on(batchRevoked, "marketplace.withdraw_revoked", (job, revoked) => withdrawRevoked(job, ports, revoked)),
  // What the event has missed.
  every("marketplace.sweep_revoked", "*/10 * * * *", (job) => withdrawAllRevoked(job, ports)),
];
