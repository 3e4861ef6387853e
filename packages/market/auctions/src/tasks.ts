import { defineJob } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

/** Ends an auction whose time is over. Started at its end; an extended auction starts it again later. */
export const closeAuctionTask = defineJob(
  "marketplace.close_auction",
  v.object({ listingId: idOf("listing") }),
);

/** Gives up an order whose payment window has closed. */
export const expireOrderTask = defineJob("marketplace.expire_order", v.object({ orderId: idOf("order") }));
