import { page } from "../../frame/route.tsx";
import { api } from "../../lib/api.ts";
import { queryClient } from "../../lib/queries.tsx";

export const requestRoutes = [
  page({
    path: "/owner/requests",
    area: "review",
    for: "ev_owner",
    load: () => import("./list.tsx"),
    preload: () =>
      void queryClient.prefetchInfiniteQuery(api.verification.requests.list.pageOptions(() => ({}))()),
  }),
  page({ path: "/owner/requests/:id", area: "review", for: "ev_owner", load: () => import("./detail.tsx") }),
];
