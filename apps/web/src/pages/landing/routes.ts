import { page } from "../../frame/route.tsx";
import { api } from "../../lib/api.ts";
import { queryClient } from "../../lib/queries.tsx";

export const landingRoutes = [
  page({
    path: "/",
    area: ["landing", "estimate"],
    load: () => import("./landing.tsx"),
    preload: () => {
      void queryClient.prefetchQuery(api.pricing.earnings.queryOptions()());
      void queryClient.prefetchQuery(api.credits.registry.strip.queryOptions()());
      void queryClient.prefetchQuery(api.verification.certificates.glance.queryOptions()());
    },
  }),
  page({ path: "*404", area: "aside", load: () => import("./not-found.tsx") }),
];
