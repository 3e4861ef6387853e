import { page } from "../../frame/route.tsx";

export const guideRoutes = [
  page({ path: "/docs", area: "guide", load: () => import("./guide.tsx") }),
  page({ path: "/docs/:page", area: "guide", load: () => import("./guide.tsx") }),
];
