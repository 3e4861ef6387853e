import { page } from "../../../frame/route.tsx";

export const userRoutes = [
  page({ path: "/admin/users", area: "people", for: "admin", load: () => import("./list.tsx") }),
  page({
    path: "/admin/users/:id",
    area: ["people", "audit"],
    for: "admin",
    load: () => import("./detail.tsx"),
  }),
  page({
    path: "/admin/log",
    area: ["people", "audit", "queues", "jobs", "inbox"],
    for: "admin",
    load: () => import("./log.tsx"),
  }),
];
