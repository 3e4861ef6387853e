import { page } from "../../frame/route.tsx";

export const plantedRoutes = [page({ path: "/planted", area: "planted", load: () => import("./page.tsx") })];
