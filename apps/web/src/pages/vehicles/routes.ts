import { page } from "../../frame/route.tsx";
import { api } from "../../lib/api.ts";
import { queryClient } from "../../lib/queries.tsx";

const area = "vehicles";

export const vehicleRoutes = [
  page({
    path: "/owner/vehicles",
    area,
    for: "ev_owner",
    load: () => import("./list.tsx"),
    preload: () =>
      void queryClient.prefetchInfiniteQuery(api.vehicles.list.pageOptions(() => ({ limit: 25 }))()),
  }),
  page({ path: "/owner/vehicles/connected", area, for: "ev_owner", load: () => import("./connected.tsx") }),
  page({ path: "/owner/vehicles/:id", area, for: "ev_owner", load: () => import("./vehicle.tsx") }),
  page({
    path: "/owner/vehicles/:id/import",
    area,
    for: "ev_owner",
    load: () => import("./import/page.tsx"),
  }),
  page({
    path: "/owner/vehicles/:id/trips/:tripId",
    area,
    for: "ev_owner",
    load: () => import("./trip/page.tsx"),
  }),
  page({
    path: "/owner/savings",
    area,
    for: "ev_owner",
    load: () => import("./savings-page.tsx"),
    preload: () =>
      void queryClient.prefetchQuery(
        api.vehicles.savings.queryOptions(() => ({ period: "month" as const }))(),
      ),
  }),
];
