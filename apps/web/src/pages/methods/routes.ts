import { page } from "../../frame/route.tsx";

export const methodRoutes = [
  page({ path: "/methods", area: "methods", load: () => import("./methods.tsx") }),
];
