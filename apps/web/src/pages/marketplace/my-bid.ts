import { useQuery } from "@tanstack/solid-query";
import { type Answer, api, skipToken } from "../../lib/api.ts";
import { useSession } from "../../lib/session.ts";
import type { Detail } from "./words.ts";

export type MyBid = NonNullable<Answer<typeof api.marketplace.bids.on>["bid"]>;

/** Where the reader stands in an auction; undefined for a visitor, a seller, and who has not bid. */
export const useMyBid = (listingId: () => Detail["id"]) => {
  const session = useSession();
  const query = useQuery(
    api.marketplace.bids.on.queryOptions(() =>
      session.role() === "buyer" ? { listingId: listingId() } : skipToken,
    ),
  );
  return (): MyBid | undefined => (query.isPending ? undefined : (query.data?.bid ?? undefined));
};
