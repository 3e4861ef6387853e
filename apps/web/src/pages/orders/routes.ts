import { page } from "../../frame/route.tsx";
import { api } from "../../lib/api.ts";
import { queryClient } from "../../lib/queries.tsx";

export const orderRoutes = [
  page({
    path: "/buyer/purchases",
    area: "orders",
    for: "buyer",
    load: () => import("./purchases.tsx"),
    preload: () =>
      void queryClient.prefetchInfiniteQuery(api.marketplace.orders.mine.pageOptions(() => ({}))()),
  }),
  page({
    path: "/buyer/orders/:id",
    area: ["orders", "money"],
    for: "buyer",
    load: () => import("./order.tsx"),
  }),
  page({ path: "/buyer/bids", area: "orders", for: "buyer", load: () => import("./bids.tsx") }),
];
