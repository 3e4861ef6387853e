import { displayNames } from "@evx/accounts";
import { extendAuctions } from "@evx/auctions";
import { postponeUnpaid } from "@evx/orders";
import type { VenuePorts } from "@evx/venue";

/** What the venue's switch needs of rooms above it: names, and the deadlines that move when it opens again. */
export const venuePorts: VenuePorts = {
  displayNames,
  async giveBack(tx, { since, until }) {
    const auctions = await extendAuctions(tx, { since, until });
    const orders = await postponeUnpaid(tx, until.getTime() - since.getTime());
    return { auctions, orders };
  },
};
