import { page } from "../../../frame/route.tsx";

export const ruleRoutes = [
  page({ path: "/admin/rules", area: "rules", for: "admin", load: () => import("./rules.tsx") }),
];
