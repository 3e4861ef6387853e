import { page } from "../../../frame/route.tsx";

export const factorRoutes = [
  page({ path: "/admin/factors", area: "factors", for: "admin", load: () => import("./page.tsx") }),
];
