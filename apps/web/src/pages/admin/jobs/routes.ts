import { page } from "../../../frame/route.tsx";

export const jobRoutes = [
  page({ path: "/admin/jobs", area: ["jobs", "queues"], for: "admin", load: () => import("./page.tsx") }),
];
