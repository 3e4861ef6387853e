import { page } from "../../frame/route.tsx";
import { api } from "../../lib/api.ts";
import { queryClient } from "../../lib/queries.tsx";

export const creditRoutes = [
  page({
    path: "/owner/wallet",
    area: ["credits", "holding"],
    for: "ev_owner",
    load: () => import("./wallet.tsx"),
  }),
  page({
    path: "/buyer/wallet",
    area: ["credits", "holding"],
    for: "buyer",
    load: () => import("./wallet.tsx"),
  }),
  page({
    path: "/buyer/retire",
    area: ["credits", "transfer"],
    for: "buyer",
    load: () => import("./retire-page.tsx"),
  }),
  page({
    path: "/registry",
    area: "credits",
    load: () => import("./registry.tsx"),
    preload: () => void queryClient.prefetchQuery(api.credits.registry.totals.queryOptions()()),
  }),
  page({ path: "/registry/batches/:number", area: "credits", load: () => import("./batch.tsx") }),
  page({ path: "/registry/serials/:serial", area: "credits", load: () => import("./serial.tsx") }),
];
