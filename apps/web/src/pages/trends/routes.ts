import { page } from "../../frame/route.tsx";
import { api } from "../../lib/api.ts";
import { queryClient } from "../../lib/queries.tsx";

export const trendRoutes = [
  page({
    path: "/trends",
    area: "trends",
    load: () => import("./trends.tsx"),
    preload: () => void queryClient.prefetchQuery(api.pricing.trends.queryOptions()()),
  }),
];
