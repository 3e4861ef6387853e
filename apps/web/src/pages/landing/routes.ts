import { page } from "../../frame/route.tsx";
import { api } from "../../lib/api.ts";
import { queryClient } from "../../lib/queries.tsx";

export const landingRoutes = [
  page({
    path: "/",
    area: "landing",
    load: () => import("./landing.tsx"),
    preload: () => void queryClient.prefetchQuery(api.credits.registry.totals.queryOptions()()),
  }),
  page({ path: "*404", area: "landing", load: () => import("./not-found.tsx") }),
];
