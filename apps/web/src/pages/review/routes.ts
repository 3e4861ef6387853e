import { page } from "../../frame/route.tsx";

export const reviewRoutes = [
  page({ path: "/cva", area: "review", for: "cva", load: () => import("./queue.tsx") }),
  page({
    path: "/cva/requests/:id",
    area: ["review", "vehicles"],
    for: ["cva", "admin"],
    load: () => import("./detail.tsx"),
  }),
  page({ path: "/admin/collusion", area: "review", for: "admin", load: () => import("./signs.tsx") }),
  page({ path: "/cva/reports", area: ["review", "reports"], for: "cva", load: () => import("./work.tsx") }),
];
