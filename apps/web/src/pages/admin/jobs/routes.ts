import { page } from "../../../frame/route.tsx";

export const jobRoutes = [
  page({ path: "/admin/jobs", area: "jobs", for: "admin", load: () => import("./page.tsx") }),
];
