import { page } from "../../frame/route.tsx";
import { api } from "../../lib/api.ts";
import { queryClient } from "../../lib/queries.tsx";

export const sellingRoutes = [
  page({
    path: "/owner/listings",
    area: ["selling", "wanted"],
    for: "ev_owner",
    load: () => import("./mine.tsx"),
    preload: () =>
      void queryClient.prefetchInfiniteQuery(api.marketplace.listings.mine.pageOptions(() => ({}))()),
  }),
  page({
    path: "/owner/listings/new",
    area: "selling",
    for: "ev_owner",
    load: () => import("./new-listing.tsx"),
  }),
];
