import { page } from "../../../frame/route.tsx";

export const venueRoutes = [
  page({ path: "/admin/venue", area: "venue", for: "admin", load: () => import("./page.tsx") }),
];
