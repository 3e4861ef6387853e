import { page } from "../../frame/route.tsx";

export const landingRoutes = [
  page({ path: "/", area: "landing", load: () => import("./landing.tsx") }),
  page({ path: "*404", area: "landing", load: () => import("./not-found.tsx") }),
];
