import { batchRevoked } from "@evx/credits/events";
import { type Handler, on } from "@evx/jobs";
import type { AuctionPorts } from "./ports.ts";
import { withdrawRevoked } from "./revoked.ts";

export const listingsJobs = (ports: Pick<AuctionPorts, "cancelAuction">): readonly Handler[] => [
  on(batchRevoked, "marketplace.withdraw_revoked", (job, revoked) => withdrawRevoked(job, ports, revoked)),
];
