import { page } from "../../frame/route.tsx";
import { api } from "../../lib/api.ts";
import { queryClient } from "../../lib/queries.tsx";
import type { Detail } from "./words.ts";

export const marketplaceRoutes = [
  page({
    path: "/marketplace",
    area: "marketplace",
    load: () => import("./listings.tsx"),
    preload: ({ location }) => {
      if (location.search) return;
      void queryClient.prefetchInfiniteQuery(
        api.marketplace.listings.search.pageOptions(() => ({ limit: 24 }))(),
      );
    },
  }),
  page({ path: "/buy", area: "buying", load: () => import("./sweep.tsx") }),
  page({
    path: "/marketplace/:id",
    area: "listing",
    load: () => import("./listing.tsx"),
    preload: ({ params }) => {
      const id = params.id as Detail["id"];
      void queryClient.prefetchQuery(api.marketplace.listings.byId.queryOptions(() => ({ id }))());
    },
  }),
];
