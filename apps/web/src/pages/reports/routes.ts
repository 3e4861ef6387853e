import { page } from "../../frame/route.tsx";

export const reportRoutes = [
  page({ path: "/owner/reports", area: "reports", for: "ev_owner", load: () => import("./owner.tsx") }),
  page({
    path: "/buyer/reports",
    area: ["reports", "credits"],
    for: "buyer",
    load: () => import("./buyer.tsx"),
  }),
  page({ path: "/admin/reports", area: "reports", for: "admin", load: () => import("./venue.tsx") }),
];
