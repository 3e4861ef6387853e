import { page } from "../../frame/route.tsx";

export const disputeRoutes = [
  page({ path: "/admin/disputes", area: "disputes", for: "admin", load: () => import("./list.tsx") }),
  page({ path: "/disputes/:id", area: "disputes", for: "member", load: () => import("./dispute.tsx") }),
  page({
    path: "/admin/self-dealing",
    area: "disputes",
    for: "admin",
    load: () => import("./self-dealing.tsx"),
  }),
  page({
    path: "/admin/shortfalls",
    area: ["disputes", "transfer"],
    for: "admin",
    load: () => import("./shortfalls.tsx"),
  }),
];
