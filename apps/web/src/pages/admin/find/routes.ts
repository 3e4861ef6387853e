import { page } from "../../../frame/route.tsx";

export const findRoutes = [
  page({ path: "/admin/search", area: "find", for: "admin", load: () => import("./page.tsx") }),
];
